using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using RealtimeHub.Bench.Load;

namespace RealtimeHub.Tests.Bench;

/// <summary>When a client of the bench is in, whether or not the hub tells heads (docs/protocol.md, Heads as a connection opens).</summary>
public sealed class PushDialectTests : IAsyncLifetime
{
    private const string Answer = "{}\u001e";
    private const string Heads = "{\"type\":1,\"target\":\"Heads\",\"arguments\":[{\"everyone\":\"9-9\",\"user:user0\":\"7-4\"}]}\u001e";
    private const string Resumed = "{\"type\":3,\"invocationId\":\"1\",\"result\":{\"addresses\":{\"user:user0\":{\"recovered\":true,\"cursor\":\"7-4\",\"messages\":[]}},\"more\":false}}\u001e";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly LoadClient _client = new("user0", index: 0, new PushDialect(), new Ledger { KeepsCursors = true });
    private WebSocket _hub = null!;
    private Task _connecting = null!;
    private string _request = "";

    public async Task InitializeAsync()
    {
        _listener.Start();
        _connecting = _client.ConnectAsync(((IPEndPoint)_listener.LocalEndpoint).Port, "wstoken", Clock.Now);
        var stream = (await _listener.AcceptTcpClientAsync()).GetStream();
        _request = Encoding.ASCII.GetString(await ReadAsync(stream));
        await stream.WriteAsync("HTTP/1.1 101 Switching Protocols\r\n\r\n"u8.ToArray());
        _hub = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
        (await ReadTextAsync()).Should().Contain("\"protocol\":\"json\"");
    }

    public Task DisposeAsync()
    {
        _client.Close();
        _hub.Dispose();
        _listener.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public void It_asks_for_the_heads_and_a_secret() => _request.Should().StartWith("GET /hub?access_token=wstoken&heads=true&connected=true HTTP/1.1\r\n");

    [Fact]
    public async Task A_new_client_begins_at_the_head_and_calls_nothing()
    {
        await SayAsync(Answer + Heads);

        await _connecting.WaitAsync(Deadline);
        _client.Cursor.Should().Be("7-4");
        await NothingIsSaidAsync();
    }

    [Fact]
    public async Task A_client_keeps_the_secret_that_comes_with_the_heads()
    {
        await SayAsync(Answer + "{\"type\":1,\"target\":\"Connected\",\"arguments\":[{\"reconnectSecret\":\"wsreconnect.s\"}]}\u001e" + Heads);

        await _connecting.WaitAsync(Deadline);
        (_client.Secret, _client.Cursor).Should().Be(("wsreconnect.s", "7-4"));
    }

    [Fact]
    public async Task A_client_that_has_missed_nothing_calls_nothing()
    {
        _client.Cursor = "7-4";

        await SayAsync(Answer + Heads);

        await _connecting.WaitAsync(Deadline);
        await NothingIsSaidAsync();
    }

    [Fact]
    public async Task A_client_that_is_behind_resumes_and_is_in_when_it_is_answered()
    {
        _client.Cursor = "6-1";

        await SayAsync(Answer + Heads);
        (await ReadTextAsync()).Should().Contain("\"Resume\"").And.Contain("\"user:user0\":\"6-1\"");
        _connecting.IsCompleted.Should().BeFalse();
        await SayAsync(Resumed);

        await _connecting.WaitAsync(Deadline);
        _client.Cursor.Should().Be("7-4");
    }

    [Theory]
    [InlineData(Answer)]
    [InlineData(Answer + "{\"type\":6}\u001e")]
    public async Task Where_no_heads_come_with_the_answer_it_resumes(string answer)
    {
        await SayAsync(answer);
        (await ReadTextAsync()).Should().Contain("\"Resume\"").And.Contain("\"from\":\"head\"");
        await SayAsync(Resumed);

        await _connecting.WaitAsync(Deadline);
    }

    private Task SayAsync(string text) =>
        _hub.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private async Task<string> ReadTextAsync()
    {
        var buffer = new byte[4_096];
        var result = await _hub.ReceiveAsync(buffer, CancellationToken.None).WaitAsync(Deadline);
        return Encoding.UTF8.GetString(buffer, 0, result.Count);
    }

    /// <summary>The next that comes is what the client is told to say.</summary>
    private async Task NothingIsSaidAsync()
    {
        _client.Send("the next"u8);

        (await ReadTextAsync()).Should().Be("the next");
    }

    private static async Task<byte[]> ReadAsync(NetworkStream stream)
    {
        var buffer = new byte[4_096];
        return buffer[..await stream.ReadAsync(buffer)];
    }
}
