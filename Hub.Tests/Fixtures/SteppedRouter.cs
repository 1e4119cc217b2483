using System.Threading.Channels;
using Microsoft.Extensions.Options;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>A router in memory whose calls to the directory wait until the test lets each go on. Its messages pass the node by.</summary>
internal sealed class SteppedRouter : IMessageRouter
{
    private readonly InMemoryRouter _router;
    private readonly Channel<DirectoryCall> _calls = Channel.CreateUnbounded<DirectoryCall>();

    public SteppedRouter(TimeProvider time)
    {
        (Epochs, Lasting) = (new InMemoryEpochs(time), new InMemoryLastingGroups(time));
        var inbox = new LocalInbox { Inbox = new Inbox(_ => { }, _ => { }, () => { }) };
        Directory = new InMemoryDirectory(
            inbox, Epochs, new InMemorySecrets(time), PresenceAt(time), Options.Create(new UserLimitOptions()), NodeId.Create());
        _router = new InMemoryRouter(new LocalInbox(), Directory, Lasting, Options.Create(new RoutingOptions()), time);
    }

    private static InMemoryPresence PresenceAt(TimeProvider time) => new(
        new InMemoryEventQueue(time), new RecordedEvents(Options.Create(new EventOptions()), Options.Create(new PresenceOptions())), time);

    public InMemoryEpochs Epochs { get; }

    public InMemoryLastingGroups Lasting { get; }

    public InMemoryDirectory Directory { get; }

    /// <summary>Whether the answer to an attach waits for the test, too: the directory has it then, and the node does not know.</summary>
    public bool HoldsAnswers { get; set; }

    /// <summary>Whether the directory is as the node has left it.</summary>
    public bool IsUnchanged { get; set; }

    /// <summary>Whether somebody has called and was not taken yet.</summary>
    public bool IsCalled => _calls.Reader.TryPeek(out _);

    public async Task<DirectoryCall> NextAsync() => await _calls.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public async Task<AttachResult> AttachAsync(
        Address address, string connectionId, Cursor? known = null, ConnectionDetails? details = null,
        ReadOnlyMemory<byte> record = default)
    {
        await CallAsync("attach", address);
        var result = await _router.AttachAsync(address, connectionId, known, details, record);
        await (HoldsAnswers ? CallAsync("attached", address) : Task.CompletedTask);
        return result;
    }

    public async Task<AttachResult> RenewAsync(
        Address user, string connectionId, ConnectionDetails details, ReadOnlyMemory<byte> record = default)
    {
        await CallAsync("renew", user);
        var result = await _router.RenewAsync(user, connectionId, details, record);
        await (HoldsAnswers ? CallAsync("renewed", user) : Task.CompletedTask);
        return result;
    }

    public async Task DetachAsync(Address address, string connectionId, bool isForGood = false)
    {
        await CallAsync("detach", address);
        await _router.DetachAsync(address, connectionId, isForGood);
    }

    public async Task<Cursor> HeadAsync(Address address, Cursor? known = null)
    {
        await CallAsync("head", address);
        return await _router.HeadAsync(address, known);
    }

    public Task ForgetAsync(Address address) => _router.ForgetAsync(address);

    /// <remarks>Nothing is as it was, until the test says so: what is looked at is attached again.</remarks>
    public Task<IReadOnlySet<Address>> FindChangedAsync(IReadOnlyCollection<Attachment> attachments) => IsUnchanged
        ? _router.FindChangedAsync(attachments)
        : Task.FromResult<IReadOnlySet<Address>>(attachments.Select(attachment => attachment.Address).ToHashSet());

    public Task<Cursor> PublishAsync(Envelope message) => _router.PublishAsync(message);

    public IReadOnlyList<Task<Cursor>> PublishAll(IReadOnlyList<Envelope> messages) => _router.PublishAll(messages);

    public Task<LogPage> ReadAsync(Address address, Cursor? after, int maxBytes) => _router.ReadAsync(address, after, maxBytes);

    public Task<LogPage> ReadRetainedAsync(Address address, int maxBytes) => _router.ReadRetainedAsync(address, maxBytes);

    public Task<LogEntry> FindAsync(Address address, Cursor id) => _router.FindAsync(address, id);

    public Task<LogTail> TailAsync(Address address, int limit) => _router.TailAsync(address, limit);

    public Task SendCommandAsync(Address address, ReadOnlyMemory<byte> command) => _router.SendCommandAsync(address, command);

    public Task<bool> SendCommandAsync(NodeId node, ReadOnlyMemory<byte> command) => _router.SendCommandAsync(node, command);

    private Task CallAsync(string what, Address address)
    {
        var call = new DirectoryCall(what, address);
        _calls.Writer.TryWrite(call).Should().BeTrue();
        return call.Answered;
    }
}
