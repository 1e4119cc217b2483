using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Nodes;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Events;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Routing;

/// <summary>A node that is nothing but a router, registered as in the server, and an inbox that keeps what comes in.</summary>
internal sealed class RouterNode : IAsyncDisposable
{
    private const string Mark = "mark ";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly ServiceProvider _services;
    private readonly ConcurrentQueue<RoutedMessage> _delivered = [];
    private readonly ConcurrentQueue<string> _commands = [];
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _marks = [];

    private RouterNode(TimeProvider time, (string Key, string Value)[] settings) =>
        _services = ServicesWith(settings).AddSingleton(time).BuildServiceProvider();

    public IServiceProvider Services => _services;

    public IConnectionDirectory Directory => _services.GetRequiredService<IConnectionDirectory>();

    public IMessageRouter Router => _services.GetRequiredService<IMessageRouter>();

    public INodeChannel Channel => _services.GetRequiredService<INodeChannel>();

    public NodeId Id => _services.GetRequiredService<NodeId>();

    public static async Task<RouterNode> OpenAsync(TimeProvider time, params (string Key, string Value)[] settings)
    {
        var node = new RouterNode(time, settings);
        await node.Channel.OpenAsync(new Inbox(node.Deliver, node.Handle, () => { })).WaitAsync(Deadline);
        return node;
    }

    /// <summary>What a process registers that only routes.</summary>
    public static IServiceCollection ServicesWith(params (string Key, string Value)[] settings) => new ServiceCollection()
        .AddLogging()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build())
        .AddNode()
        .AddTokenStore()
        .AddEventRecording();

    /// <summary>All messages that have come in so far.</summary>
    public IReadOnlyList<RoutedMessage> Delivered => [.. _delivered];

    /// <summary>All commands that have come in so far.</summary>
    public IReadOnlyList<string> Commands => [.. _commands];

    /// <summary>All messages that have come in. What was published before is among them.</summary>
    public async Task<IReadOnlyList<RoutedMessage>> DeliveredAsync()
    {
        await CatchUpAsync();
        return Delivered;
    }

    /// <summary>All commands that have come in. What was sent before is among them.</summary>
    public async Task<IReadOnlyList<string>> CommandsAsync()
    {
        await CatchUpAsync();
        return Commands;
    }

    public async ValueTask DisposeAsync()
    {
        await Channel.CloseAsync();
        await _services.DisposeAsync();
    }

    /// <summary>Waits for a command on each of the two ways to this node: what has come by then is all that went before.</summary>
    private async Task CatchUpAsync()
    {
        await PassAsync(mark => Router.SendCommandAsync(Id, mark));
        await PassAsync(mark => Router.SendCommandAsync(Address.Everyone, mark));
    }

    private async Task PassAsync(Func<ReadOnlyMemory<byte>, Task> send)
    {
        var mark = Mark + Guid.NewGuid();
        var passed = _marks[mark] = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await send(Encoding.UTF8.GetBytes(mark));
        await passed.Task.WaitAsync(Deadline);
    }

    private void Deliver(ReadOnlySpan<RoutedMessage> messages)
    {
        foreach (var message in messages)
        {
            _delivered.Enqueue(message);
        }
    }

    private void Handle(ReadOnlyMemory<byte> command)
    {
        var text = Encoding.UTF8.GetString(command.Span);
        if (_marks.TryRemove(text, out var passed))
        {
            passed.SetResult();
        }
        else if (!text.StartsWith(Mark, StringComparison.Ordinal))
        {
            _commands.Enqueue(text);
        }
    }
}
