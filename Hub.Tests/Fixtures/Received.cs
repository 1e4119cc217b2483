using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.SignalR.Client;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>What a client has received, one after the other.</summary>
public sealed class Received
{
    private readonly Channel<JsonElement> _messages = Channel.CreateUnbounded<JsonElement>();

    private Received(HubConnection connection) =>
        connection.On<JsonElement>("Receive", message => _messages.Writer.TryWrite(message));

    /// <summary>Starts the client and resumes, as any client must that wants to know when its user is reachable.</summary>
    public static async Task<Received> ByAsync(HubConnection connection)
    {
        var received = new Received(connection);
        await connection.StartAsync();
        await connection.InvokeAsync("Resume", new { from = "head" });
        return received;
    }

    /// <summary>The next message, which must come within ten seconds.</summary>
    public async Task<JsonElement> NextAsync() => await _messages.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(10));

    /// <summary>Whether nothing is waiting. Ask after a later message has come, so that the answer means something.</summary>
    public bool IsEmpty => !_messages.Reader.TryPeek(out _);
}
