using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RealtimeHub.Connections;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Deploy;

public sealed class LongPollTests
{
    [Fact]
    public async Task A_poll_without_news_ends_before_a_proxy_cuts_it_off_after_a_minute()
    {
        await using var node = new Node();
        var options = node.Services.GetRequiredService<IOptions<HubOptions<PushHub>>>().Value;
        (options.KeepAliveInterval, options.ClientTimeoutInterval) = (TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(20));
        await using var nginx = await PlainNginx.StartAsync(node.Address.Port);
        using var negotiated = await nginx.Client.SendAsync(Request(HttpMethod.Post, "hub/negotiate?negotiateVersion=1", await node.MintAsync("alice")));
        var answer = await negotiated.Content.ReadFromJsonAsync<JsonElement>();
        var (path, grant) = ($"hub?id={answer.GetProperty("connectionToken").GetString()}", answer.GetProperty("accessToken").GetString()!);
        (await nginx.Client.SendAsync(Request(HttpMethod.Get, path, grant))).Dispose();
        await SendAsync("""{"protocol":"json","version":1}""");

        using var handshake = await nginx.Client.SendAsync(Request(HttpMethod.Get, path, grant));
        (await handshake.Content.ReadAsStringAsync()).Should().Be("{}\u001e");
        var since = Stopwatch.GetTimestamp();
        using var poll = await nginx.Client.SendAsync(Request(HttpMethod.Get, path, grant));

        poll.StatusCode.Should().Be(HttpStatusCode.OK);
        (await poll.Content.ReadAsStringAsync()).Should().BeEmpty();
        Stopwatch.GetElapsedTime(since).Should().BeLessThan(TimeSpan.FromSeconds(55));

        async Task SendAsync(string frame)
        {
            using var request = Request(HttpMethod.Post, path, grant);
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(frame + '\u001e'));
            (await nginx.Client.SendAsync(request)).EnsureSuccessStatusCode();
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string credential) =>
        new(method, path) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", credential) } };
}
