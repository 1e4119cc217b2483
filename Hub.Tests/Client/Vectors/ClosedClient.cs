using System.Text.Json;
using RealtimeHub.Client;

namespace RealtimeHub.Tests.Client.Vectors;

/// <summary>A client whose hub closes each of its connections.</summary>
internal static class ClosedClient
{
    public static async Task<object?> RunAsync(JsonElement input)
    {
        var hub = new ScriptedHub();
        await hub.InitializeAsync();
        var client = new ScriptedClient(hub);
        var states = new Recording<StateChange>();
        var connection = new PushClient(client.Options);
        connection.OnState(states.Add);
        try
        {
            _ = connection.StartAsync();
            List<StateChange> ends = [];
            foreach (var openFor in input.GetProperty("openForMs").EnumerateArray())
            {
                await states.NextAsync(change => change.State == PushState.Connected);
                client.Time.Advance(TimeSpan.FromMilliseconds(openFor.GetInt32()));
                await hub.CloseAsync(input.GetProperty("close").GetRawText());
                ends.Add(await states.NextAsync(change => change.State == PushState.Reconnecting));
                client.Time.Advance(ends[^1].RetryIn!.Value);
            }

            await states.NextAsync(change => change.State == PushState.Connected);
            return new { Error = ErrorOf(ends), WaitsMs = ends.Select(end => end.RetryIn!.Value.TotalMilliseconds) };
        }
        finally
        {
            await connection.DisposeAsync();
            await hub.DisposeAsync();
        }
    }

    /// <summary>Of the message of an error just what the hub has said of it.</summary>
    private static object? ErrorOf(List<StateChange> ends) => ends.Select(end => end.Error).Distinct().Single() is not { } error
        ? null
        : new { error.Code, Message = error.Message[(error.Message.LastIndexOf(": ", StringComparison.Ordinal) + 2)..] };
}
