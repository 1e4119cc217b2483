using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Client;
using RealtimeHub.Client.Handling;
using RealtimeHub.Client.Receipts;

namespace RealtimeHub.Tests.Client;

/// <summary>When a client tells the hub what it has handled.</summary>
public sealed class ReceiptSenderTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _over = new();
    private readonly Recording<HandledRequest> _told = new();
    private readonly HandledFloors _floors;

    public ReceiptSenderTests() => _floors = new HandledFloors(_time);

    public void Dispose()
    {
        _over.Cancel();
        _over.Dispose();
    }

    [Fact]
    public async Task What_a_publisher_waits_for_is_told_at_once_also_when_another_message_was_handled_just_before()
    {
        _floors.Add(Message(11), isHandled: true);
        _ = new ReceiptSender(_floors, "phone", _time).RunAsync(TellAsync, _over.Token);
        _told.IsEmpty.Should().BeTrue("an ordinary message waits a second");

        _floors.Add(Message(12) with { IsReceiptAwaited = true }, isHandled: true);

        (await _told.NextAsync()).Addresses["user:alice"].Should().Be(new HandledAddress("10-7", "12-7", Failed: null));
    }

    private static PushMessage Message(int offset) =>
        new($"{offset}-7", $"{offset - 1}-7", "user:alice", "t", JsonElement.Parse("1"), DateTimeOffset.UnixEpoch);

    private Task TellAsync(HandledRequest request, CancellationToken cancellationToken)
    {
        _told.Add(request);
        return Task.CompletedTask;
    }
}
