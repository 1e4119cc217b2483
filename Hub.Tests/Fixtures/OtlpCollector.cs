using System.Collections.Concurrent;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>Takes what OTLP sends by HTTP.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Channel<(string Path, string Headers, string Body)> _exports = Channel.CreateUnbounded<(string, string, string)>();

    private readonly ConcurrentDictionary<string, bool> _paths = new();

    private OtlpCollector(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>All the paths to which something has come.</summary>
    public ICollection<string> Paths => _paths.Keys;

    public static async Task<OtlpCollector> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", "http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var collector = new OtlpCollector(builder.Build());
        collector._app.MapPost("/{**path}", collector.TakeAsync);
        await collector._app.StartAsync();
        return collector;
    }

    /// <summary>
    /// The first export of an instrument: where it came to, its headers, and its body as text, in which the names of what is measured can
    /// be read.
    /// </summary>
    public async Task<(string Path, string Headers, string Body)> FirstOfAsync(string instrument)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await _exports.Reader.ReadAllAsync(deadline.Token)
            .FirstAsync(export => export.Body.Contains(instrument, StringComparison.Ordinal), deadline.Token);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = string.Join('\n', context.Request.Headers.Select(header => $"{header.Key}: {header.Value}"));
        _paths[context.Request.Path] = true;
        _exports.Writer.TryWrite((context.Request.Path, headers, Encoding.Latin1.GetString(body.ToArray())));
        context.Response.ContentType = "application/x-protobuf";
    }
}
