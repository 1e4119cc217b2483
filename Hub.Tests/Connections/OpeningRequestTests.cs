using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Connections;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Connections;

/// <summary>What stays of the request that has become a WebSocket.</summary>
public sealed class OpeningRequestTests
{
    private const string Cookie = "session=0123456789";

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_WebSocket_keeps_nothing_of_its_request_once_it_is_open(bool skipNegotiation)
    {
        var watching = new Watching();
        await using var node = new Node { Additions = services => services.Configure<HubOptions<PushHub>>(hub => hub.AddFilter(watching)) };
        await using var client = ClientOf(node, HttpTransportType.WebSockets, skipNegotiation);
        await client.StartAsync();

        await client.InvokeAsync<object>("Resume", null);

        watching.Opening.Should().Contain("Cookie: " + Cookie);
        watching.Later.Should().BeEmpty();
    }

    [Fact]
    public async Task A_long_poll_keeps_what_its_connection_was_opened_with()
    {
        var watching = new Watching();
        await using var node = new Node { Additions = services => services.Configure<HubOptions<PushHub>>(hub => hub.AddFilter(watching)) };
        await using var client = ClientOf(node, HttpTransportType.LongPolling, skipNegotiation: false);
        await client.StartAsync();

        await client.InvokeAsync<object>("Resume", null);

        watching.Later.Should().Contain("Cookie: " + Cookie);
    }

    private static HubConnection ClientOf(Node node, HttpTransportType transport, bool skipNegotiation) =>
        new HubConnectionBuilder().WithUrl(new Uri(node.Address, "hub?page=7"), transport, options =>
        {
            options.SkipNegotiation = skipNegotiation;
            options.AccessTokenProvider = async () => await node.MintAsync("alice");
            options.Headers["Cookie"] = Cookie;
        }).Build();

    /// <summary>A host's filter, which sees the request while the connection opens, and at each call.</summary>
    private sealed class Watching : IHubFilter
    {
        public string Opening { get; private set; } = "";

        public string Later { get; private set; } = "not asked";

        public async Task OnConnectedAsync(HubLifetimeContext context, Func<HubLifetimeContext, Task> next)
        {
            Opening = Seen(context.Context);
            await next(context);
        }

        public ValueTask<object?> InvokeMethodAsync(HubInvocationContext context, Func<HubInvocationContext, ValueTask<object?>> next)
        {
            Later = Seen(context.Context);
            return next(context);
        }

        private static string Seen(HubCallerContext context)
        {
            var request = context.GetHttpContext()!.Request;
            var target = context.GetHttpContext()!.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
            return string.Join('\n', request.Headers.Select(header => $"{header.Key}: {header.Value}")
                .Concat(request.Query.Select(item => $"{item.Key}={item.Value}"))
                .Concat(request.Cookies.Select(cookie => $"{cookie.Key}={cookie.Value}"))
                .Append(request.QueryString.Value)
                .Append(target)).Trim();
        }
    }
}
