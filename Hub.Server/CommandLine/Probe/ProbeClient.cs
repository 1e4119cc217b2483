using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using RealtimeHub.Authentication;
using RealtimeHub.Connections;

namespace RealtimeHub.CommandLine.Probe;

/// <summary>A client of a hub that runs somewhere, which counts what it gets: it speaks SignalR's JSON protocol by hand.</summary>
internal sealed class ProbeClient : IAsyncDisposable
{
    private const byte RecordSeparator = 0x1e;

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BetweenPings = TimeSpan.FromSeconds(15);

    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _over = new();
    private readonly Action<JsonElement> _received;
    private Task _reading = Task.CompletedTask;

    private ProbeClient(Action<JsonElement> received) => _received = received;

    /// <summary>Connects without negotiation. When it returns, what is published to its user comes.</summary>
    /// <param name="hub">The address of the hub, below which <c>/hub</c> lies.</param>
    /// <param name="token">A token for the connection.</param>
    /// <param name="received">Called with the payload of each message, one after the other.</param>
    /// <exception cref="HubApiException">The hub does not let it in.</exception>
    public static async Task<ProbeClient> ConnectAsync(Uri hub, string token, Action<JsonElement> received)
    {
        var client = new ProbeClient(received);
        try
        {
            using var deadline = new CancellationTokenSource(Deadline);
            client._socket.Options.AddSubProtocol(SingleUseTokenDefaults.Subprotocol);
            client._socket.Options.AddSubProtocol(token);
            var scheme = hub.Scheme == Uri.UriSchemeHttps ? Uri.UriSchemeWss : Uri.UriSchemeWs;
            await client._socket.ConnectAsync(new UriBuilder(new Uri(hub, "hub")) { Scheme = scheme, Query = "heads=true" }.Uri, deadline.Token);
            await client.SayAsync("""{"protocol":"json","version":1}""", deadline.Token);

            // The answer to the handshake brings the heads: it is attached.
            await client.ReadAsync(deadline.Token);
        }
        catch (Exception refused) when (refused is WebSocketException or HttpRequestException or OperationCanceledException)
        {
            await client.DisposeAsync();
            throw HubApiException.Silent(hub, $"no WebSocket opens: {refused.Message}");
        }

        client._reading = Task.WhenAll(client.ReadAllAsync(), client.PingAsync());
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _reading;
        _socket.Dispose();
        _over.Dispose();
    }

    private async Task ReadAllAsync()
    {
        try
        {
            while (await ReadAsync(_over.Token))
            {
                // What was read has been told.
            }
        }
        catch (Exception over) when (over is WebSocketException or OperationCanceledException)
        {
            // It is over.
        }
    }

    private async Task PingAsync()
    {
        using var pace = new PeriodicTimer(BetweenPings);
        try
        {
            while (await pace.WaitForNextTickAsync(_over.Token))
            {
                await SayAsync("""{"type":6}""", _over.Token);
            }
        }
        catch (Exception over) when (over is WebSocketException or OperationCanceledException)
        {
            // It is over.
        }
    }

    private async Task SayAsync(string record, CancellationToken cancellation) => await _socket.SendAsync(
        Encoding.UTF8.GetBytes(record + (char)RecordSeparator), WebSocketMessageType.Text, endOfMessage: true, cancellation);

    /// <returns>False if the hub has closed the connection.</returns>
    private async Task<bool> ReadAsync(CancellationToken cancellation)
    {
        using var message = new MemoryStream();
        var buffer = new byte[4096];
        WebSocketReceiveResult read;
        do
        {
            read = await _socket.ReceiveAsync(buffer, cancellation);
            message.Write(buffer, 0, read.Count);
        }
        while (!read.EndOfMessage);

        var text = Encoding.UTF8.GetString(message.ToArray());
        foreach (var record in text.Split((char)RecordSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            Tell(JsonSerializer.Deserialize<JsonElement>(record));
        }

        return read.MessageType != WebSocketMessageType.Close;
    }

    private void Tell(JsonElement record)
    {
        if (record.TryGetProperty("target", out var target) && target.ValueEquals(nameof(IPushClient.Receive)))
        {
            _received(record.GetProperty("arguments")[0].GetProperty("payload"));
        }
    }
}
