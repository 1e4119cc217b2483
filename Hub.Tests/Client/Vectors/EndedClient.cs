using System.Text.Json;
using RealtimeHub.Client;

namespace RealtimeHub.Tests.Client.Vectors;

/// <summary>A client whose hub closes its connection: what it tells of that, and whether it stops.</summary>
internal static class EndedClient
{
    public static async Task<object?> RunAsync(JsonElement input)
    {
        var hub = new ScriptedHub();
        await hub.InitializeAsync();
        var ends = new Recording<ConnectionEnd>();
        var states = new Recording<StateChange>();
        var client = new PushClient(new ScriptedClient(hub).Options);
        client.OnEnded(ends.Add);
        client.OnState(states.Add);
        try
        {
            await client.StartAsync();
            await states.NextAsync(change => change.State == PushState.Connected);
            await hub.CloseAsync(input.GetRawText());
            var next = await states.NextAsync();
            return new { Ended = ends.IsEmpty ? null : await ends.NextAsync(), Stops = next.State == PushState.Stopped };
        }
        finally
        {
            await client.DisposeAsync();
            await hub.DisposeAsync();
        }
    }
}
