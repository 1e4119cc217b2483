using System.Buffers;
using System.Net.Http.Headers;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RealtimeHub.Authentication;
using RealtimeHub.Connections;
using RealtimeHub.Routing;
using RealtimeHub.Tokens;

namespace RealtimeHub.Insight;

/// <summary>A client of this node that speaks SignalR's JSON protocol by hand: the server need not bring along a client for it.</summary>
internal sealed class CanaryClient : IDisposable
{
    private const byte RecordSeparator = 0x1e;
    private const int Invocation = 1;
    private const int Completion = 3;
    private const int Ping = 6;

    private readonly ClientWebSocket _socket = new();
    private readonly ArrayBufferWriter<byte> _message = new(16 * 1024);

    private volatile bool _hasLeft;

    private CanaryClient()
    {
    }

    /// <summary>
    /// Opens a connection without negotiation, with the token where a browser's client shows it, and asks for the heads. It is attached.
    /// </summary>
    public static async Task<CanaryClient> ConnectAsync(OwnSocket way, AccessToken token, CancellationToken cancellation)
    {
        var client = new CanaryClient();
        client._socket.Options.AddSubProtocol(SingleUseTokenDefaults.Subprotocol);
        client._socket.Options.AddSubProtocol(token.Reveal());
        await client.OpenAsync(way, new Uri(way.Hub, $"?{ConnectionOpening.HeadsParameter}=true"), cancellation);
        return client;
    }

    /// <summary>Negotiates, and opens the connection that was negotiated. It is attached.</summary>
    public static async Task<CanaryClient> NegotiateAsync(OwnSocket way, AccessToken token, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(way.Address, "hub/negotiate?negotiateVersion=1"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token.Reveal());
        using var response = await way.Invoker.SendAsync(request, cancellation);
        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation));
        if (answer?["connectionToken"] is not { } connection || answer["accessToken"] is not { } grant)
        {
            throw new InvalidOperationException($"The node answers the negotiation with {(int)response.StatusCode}.");
        }

        var client = new CanaryClient();
        await client.OpenAsync(way, new Uri(way.Hub, $"?id={connection}&access_token={grant}"), cancellation);
        return client;
    }

    /// <summary>Waits for so many messages.</summary>
    public Task ReceiveAsync(int messages, CancellationToken cancellation) => ReceiveAsync(messages, IsMessage, cancellation);

    /// <summary>Waits for what comes next.</summary>
    /// <returns>
    /// The payloads of the canary's messages in it, perhaps none; null when the node has closed the connection at our wish.
    /// </returns>
    public async Task<IReadOnlyList<JsonElement>?> ReceiveAsync(CancellationToken cancellation)
    {
        try
        {
            await ReadMessageAsync(cancellation);
        }
        catch (InvalidOperationException) when (_hasLeft)
        {
            return null;
        }

        return [.. Records().Where(IsMessage).SelectMany(record => record.GetProperty("arguments").EnumerateArray())
            .Where(message => message.GetProperty("type").ValueEquals(CanaryMessage.Type))
            .Select(message => message.GetProperty("payload"))];
    }

    /// <summary>Tells the node that it is still there.</summary>
    public Task PingAsync(CancellationToken cancellation) => SendAsync($$"""{"type":{{Ping}}}""", cancellation);

    /// <summary>Tells the node that it leaves, while <see cref="ReceiveAsync(CancellationToken)"/> waits for the node's answer.</summary>
    public Task LeaveAsync()
    {
        _hasLeft = true;
        return _socket.CloseOutputAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
    }

    /// <summary>Asks for what came after a message of an address.</summary>
    public Task ResumeAsync(Address address, string after, CancellationToken cancellation) =>
        ResumeAsync(new JsonObject { ["cursors"] = new JsonObject { [address.ToString()] = after } }, cancellation);

    /// <summary>When this returns, the node has detached the connection.</summary>
    public Task CloseAsync(CancellationToken cancellation) => _socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", cancellation);

    public void Dispose() => _socket.Dispose();

    private static bool IsMessage(JsonElement record) => IsCall(record, nameof(IPushClient.Receive));

    private static bool IsCall(JsonElement record, string method) =>
        IsOfType(record, Invocation) && record.TryGetProperty("target", out var target) && target.ValueEquals(method);

    private static bool IsCompletion(JsonElement record) => IsOfType(record, Completion)
        && (record.TryGetProperty("error", out var error) ? throw new InvalidOperationException($"The node answers: {error}") : true);

    private static bool IsOfType(JsonElement record, int type) => record.TryGetProperty("type", out var told) && told.GetInt32() == type;

    /// <remarks>Whose answer to the handshake comes without the heads is attached when its first <c>Resume</c> is answered.</remarks>
    private async Task OpenAsync(OwnSocket way, Uri hub, CancellationToken cancellation)
    {
        try
        {
            await _socket.ConnectAsync(hub, way.Invoker, cancellation);
            await SendAsync("""{"protocol":"json","version":1}""", cancellation);
            await ReadMessageAsync(cancellation);
            if (!Records().Exists(record => IsCall(record, "Heads")))
            {
                await ResumeAsync(new JsonObject { ["from"] = "head" }, cancellation);
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private async Task ResumeAsync(JsonObject request, CancellationToken cancellation)
    {
        var call = new JsonObject
        {
            ["type"] = Invocation,
            ["invocationId"] = "1",
            ["target"] = nameof(PushHub.Resume),
            ["arguments"] = new JsonArray(request),
        };
        await SendAsync(call.ToJsonString(), cancellation);
        await ReceiveAsync(1, IsCompletion, cancellation);
    }

    private async Task SendAsync(string record, CancellationToken cancellation) => await _socket.SendAsync(
        Encoding.UTF8.GetBytes(record + (char)RecordSeparator), WebSocketMessageType.Text, endOfMessage: true, cancellation);

    /// <summary>Reads until so many records were of the kind that is waited for.</summary>
    private async Task ReceiveAsync(int count, Func<JsonElement, bool> isAwaited, CancellationToken cancellation)
    {
        while (count > 0)
        {
            await ReadMessageAsync(cancellation);
            count -= Records().Count(isAwaited);
        }
    }

    private async Task ReadMessageAsync(CancellationToken cancellation)
    {
        _message.ResetWrittenCount();
        ValueWebSocketReceiveResult read;
        do
        {
            read = await _socket.ReceiveAsync(_message.GetMemory(4096), cancellation);
            _message.Advance(read.Count);
        }
        while (!read.EndOfMessage);

        if (read.MessageType == WebSocketMessageType.Close)
        {
            throw new InvalidOperationException($"The node closed the connection: {_socket.CloseStatusDescription}");
        }
    }

    private List<JsonElement> Records()
    {
        var records = new List<JsonElement>();
        var written = _message.WrittenSpan;
        foreach (var range in written.Split(RecordSeparator))
        {
            if (written[range] is { IsEmpty: false } record)
            {
                records.Add(Parse(record));
            }
        }

        return records;
    }

    private static JsonElement Parse(ReadOnlySpan<byte> record)
    {
        var reader = new Utf8JsonReader(record);
        return JsonElement.ParseValue(ref reader);
    }
}
