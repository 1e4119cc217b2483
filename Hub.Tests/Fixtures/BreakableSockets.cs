using System.Net.WebSockets;
using Microsoft.AspNetCore.Http.Connections.Client;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>Opens a client's WebSockets, and breaks the last one as a tunnel would.</summary>
internal sealed class BreakableSockets
{
    private ClientWebSocket? _last;

    public int Opened { get; private set; }

    public async ValueTask<WebSocket> OpenAsync(WebSocketConnectionContext context, CancellationToken cancellationToken)
    {
        _last = new ClientWebSocket();
        if (context.Options.AccessTokenProvider is { } provider)
        {
            _last.Options.SetRequestHeader("Authorization", $"Bearer {await provider()}");
        }

        await _last.ConnectAsync(context.Uri, cancellationToken);
        Opened++;
        return _last;
    }

    public void Break() => _last!.Abort();
}
