using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tests.Resuming;

namespace RealtimeHub.Tests.Ingress.RabbitMq;

/// <summary>What tests of the door to RabbitMQ ask of a node.</summary>
internal static class RabbitMqTest
{
    /// <summary>What <c>/health/ready</c> says of the broker: its status and why.</summary>
    public static async Task<(string? Status, string? Description)> ReadinessAsync(Node node)
    {
        var answer = await node.Client.GetFromJsonAsync<JsonElement>("/health/ready");
        var check = answer.GetProperty("checks").GetProperty("rabbitmq");
        return (check.GetProperty("status").GetString(), check.GetProperty("description").GetString());
    }

    public static async Task AreOpenAsync(params Node[] nodes)
    {
        foreach (var node in nodes)
        {
            await Eventually.HoldsAsync(async () => (await ReadinessAsync(node)).Status == "Healthy");
        }
    }

    public static Task HasLoggedAsync(Node node, string eventName) =>
        Eventually.HoldsAsync(() => Task.FromResult(node.Log.Lines.Any(line => line.Contains($" {eventName}: ", StringComparison.Ordinal))));

    /// <summary>The types of the messages in a user's log.</summary>
    public static async Task<string[]> LogOfAsync(Node node, string user)
    {
        await using var client = node.ClientFor(user, skipNegotiation: true);
        await client.StartAsync();
        var types = new List<string>();
        var cursors = new Dictionary<string, string>();
        while (true)
        {
            var answer = await client.InvokeAsync<JsonElement>("Resume", new { cursors, from = "retained" });
            var reply = new ResumeReply(answer);
            if (reply.Addresses.Contains($"user:{user}"))
            {
                var page = reply[Address.User(user)];
                types.AddRange(page.Types);
                cursors[$"user:{user}"] = page.Cursor;
            }

            if (!reply.More)
            {
                return [.. types];
            }
        }
    }

    public static async Task LogBecomesAsync(Node node, string user, params string[] types)
    {
        string[] log = [];
        try
        {
            await Eventually.HoldsAsync(async () => (log = await LogOfAsync(node, user)).SequenceEqual(types));
        }
        catch (OperationCanceledException)
        {
            log.Should().Equal(types);
        }
    }
}
