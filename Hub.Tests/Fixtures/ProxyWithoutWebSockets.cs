using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>A proxy in front of a hub that knows no WebSockets, and no streams either if it is told so.</summary>
internal sealed class ProxyWithoutWebSockets : IAsyncDisposable
{
    private readonly HttpClient _hub = new(new SocketsHttpHandler { UseCookies = false }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly WebApplication _app;
    private readonly Uri _behind;
    private readonly bool _streams;

    private ProxyWithoutWebSockets(Uri behind, bool streams)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        (_app, _behind, _streams) = (builder.Build(), behind, streams);
        _app.Run(PassOnAsync);
    }

    public Uri Address =>
        new(_app.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Single());

    public static async Task<ProxyWithoutWebSockets> StartAsync(Uri behind, bool streams)
    {
        var proxy = new ProxyWithoutWebSockets(behind, streams);
        await proxy._app.StartAsync();
        return proxy;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _hub.Dispose();
    }

    private async Task PassOnAsync(HttpContext context)
    {
        if (context.Request.Headers.Upgrade.Count > 0 || (!_streams && context.Request.Headers.Accept == "text/event-stream"))
        {
            context.Response.StatusCode = (int)HttpStatusCode.BadGateway;
            return;
        }

        using var request = Copy(context.Request);
        using var answer = await _hub.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)answer.StatusCode;
        context.Response.ContentType = answer.Content.Headers.ContentType?.ToString();
        await using var body = await answer.Content.ReadAsStreamAsync(context.RequestAborted);
        var buffer = new byte[64 * 1024];
        while (await body.ReadAsync(buffer, context.RequestAborted) is var count and > 0)
        {
            await context.Response.Body.WriteAsync(buffer.AsMemory(0, count), context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }
    }

    private HttpRequestMessage Copy(HttpRequest request)
    {
        var copy = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(_behind, request.Path + request.QueryString));
        copy.Headers.TryAddWithoutValidation("Authorization", (string?)request.Headers.Authorization);
        copy.Headers.TryAddWithoutValidation("Accept", (string?)request.Headers.Accept);
        copy.Content = request.Method == HttpMethods.Post ? new StreamContent(request.Body) : null;
        return copy;
    }
}
