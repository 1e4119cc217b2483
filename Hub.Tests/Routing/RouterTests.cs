using System.Text;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Routing;

/// <summary>A suite of what every router promises to one node. Each runs in both modes.</summary>
public abstract class RouterTests(RoutingMode mode, params (string Key, string Value)[] settings) : IAsyncLifetime
{
    private protected const int NoLimit = int.MaxValue;

    private protected static readonly Address Alice = Address.User("alice");
    private protected static readonly Address Bob = Address.User("bob");

    private protected RouterNode Node { get; private set; } = null!;

    private protected IMessageRouter Router => Node.Router;

    private protected IConnectionDirectory Directory => Node.Directory;

    public virtual async Task InitializeAsync() => Node = await mode.OpenNodeAsync(settings);

    public virtual async Task DisposeAsync() => await Node.DisposeAsync();

    private protected static Address AddressOf(string text) =>
        Address.TryParse(text, out var address) ? address : throw new ArgumentException(text);

    private protected static Envelope To(Address address, string text) => new(address, Encoding.UTF8.GetBytes(text));

    private protected static string TextOf(RoutedMessage message) => Encoding.UTF8.GetString(message.Body.Span);

    private protected static IEnumerable<string> TextsOf(LogPage page) => page.Messages.Select(TextOf);

    private protected Task AdvanceAsync(TimeSpan time) => mode.AdvanceAsync(time);

    /// <summary>Publishes to Alice, one after the other.</summary>
    private protected async Task<IReadOnlyList<Cursor>> PublishAsync(params string[] texts)
    {
        var ids = new List<Cursor>();
        foreach (var text in texts)
        {
            ids.Add(await Router.PublishAsync(To(Alice, text)));
        }

        return ids;
    }

    /// <summary>Reads Alice's log.</summary>
    private protected Task<LogPage> ReadAsync(Cursor? after, int maxBytes = NoLimit) => Router.ReadAsync(Alice, after, maxBytes);

    /// <summary>All of a log.</summary>
    private protected Task<LogPage> RetainedAsync(Address address) => Router.ReadRetainedAsync(address, NoLimit);
}
