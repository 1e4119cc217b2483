using System.Threading.Channels;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;

namespace RealtimeHub.Tests.Transport;

/// <summary>A hub that shows what SignalR and its transport give it.</summary>
internal sealed class ContractHub(ContractHub.Ends ends) : Hub
{
#pragma warning disable CA1822 // SignalR calls methods of the instance only.
    public string Echo(string text) => text;

    public string Id() => Context.ConnectionId;

    public string WhoAmI() => Context.UserIdentifier!;

    public string Header(string name) => Context.GetHttpContext()!.Request.Headers[name].ToString();

    public string Transport() => Context.Features.Get<IHttpTransportFeature>()!.TransportType.ToString();

    public string Remote() => Context.GetHttpContext()!.Connection.RemoteIpAddress!.ToString();

    public int Count() => (int)(Context.Items["count"] = (Context.Items.TryGetValue("count", out var count) ? (int)count! : 0) + 1);

    /// <summary>Sends the caller the numbers up to there, one message after the other.</summary>
    public async Task Tell(int count)
    {
        for (var number = 1; number <= count; number++)
        {
            await Clients.Caller.SendAsync("Receive", number);
        }
    }

    /// <summary>Asks the caller to come again, as the transport does when its time is over.</summary>
    public void SendBack() => Context.Features.Get<IConnectionLifetimeNotificationFeature>()!.RequestClose();

    public void Leave() => Context.Abort();

    public async Task UntilAborted()
    {
        var aborted = new TaskCompletionSource();
        await using var registration = Context.ConnectionAborted.Register(aborted.SetResult);
        await aborted.Task;
        ends.Aborted.Writer.TryWrite(Context.ConnectionId);
    }

    public async IAsyncEnumerable<int> Down(int count)
    {
        for (var number = 0; number < count; number++)
        {
            await Task.Yield();
            yield return number;
        }
    }

    public async Task<int> Up(IAsyncEnumerable<int> numbers)
    {
        var sum = 0;
        await foreach (var number in numbers)
        {
            sum += number;
        }

        return sum;
    }

#pragma warning restore CA1822

    public override Task OnConnectedAsync() => Context.UserIdentifier == "unwanted" ? throw new HubException("unwanted") : Task.CompletedTask;

    public override Task OnDisconnectedAsync(Exception? exception)
    {
        ends.Ended.Writer.TryWrite(exception?.GetType().Name ?? "by itself");
        return Task.CompletedTask;
    }

    /// <summary>How connections have ended, in their order.</summary>
    internal sealed class Ends
    {
        public Channel<string> Ended { get; } = Channel.CreateUnbounded<string>();

        public Channel<string> Aborted { get; } = Channel.CreateUnbounded<string>();
    }
}
