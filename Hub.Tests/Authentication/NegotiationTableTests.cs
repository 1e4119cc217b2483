using Microsoft.AspNetCore.Http.Connections;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Authentication;
using RealtimeHub.Authentication.Binding;
using RealtimeHub.Authentication.Limits;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Authentication;

public sealed class NegotiationTableTests : IDisposable
{
    private static readonly TimeSpan JustOverTheTimeout = TimeSpan.FromSeconds(17);

    private readonly FakeTimeProvider _time = new();
    private readonly NegotiationTable _table;
    private readonly NegotiatedConnection _connection = NegotiatedConnection.Create("id", "what SignalR finds it by");
    private readonly Grant _grant = Grant.Create();

    public NegotiationTableTests()
    {
        _table = new NegotiationTable(_time, Options.Create(new ConnectionOptions()));
        _table.Add(NewNegotiation(), _connection);
    }

    private Negotiation? Found => _table.FindConnection(_connection.Token);

    [Fact]
    public void A_connection_that_nobody_opens_is_forgotten_after_the_disconnect_timeout()
    {
        _time.Advance(TimeSpan.FromSeconds(15));
        Found.Should().NotBeNull();

        _time.Advance(TimeSpan.FromSeconds(2));

        Found.Should().BeNull();
        _table.FindOwner(Credential.Parse(_grant.Reveal(), acceptSeedFormat: false)!.Value).Should().BeNull();
    }

    [Fact]
    public async Task A_connection_is_known_while_a_request_of_it_runs_and_for_the_disconnect_timeout_after()
    {
        var request = new TaskCompletionSource();
        var running = _table.TryRunAsync(Found!, _connection.Token, _ => request.Task);
        _time.Advance(TimeSpan.FromHours(10));
        Found.Should().NotBeNull();

        request.SetResult();
        (await running).Should().BeTrue();
        _time.Advance(TimeSpan.FromSeconds(15));
        Found.Should().NotBeNull();

        _time.Advance(JustOverTheTimeout);
        Found.Should().BeNull();
    }

    [Fact]
    public async Task A_connection_whose_request_failed_is_forgotten_too()
    {
        await _table.Awaiting(table => table.TryRunAsync(Found!, _connection.Token, _ => throw new IOException())).Should()
            .ThrowAsync<IOException>();

        _time.Advance(JustOverTheTimeout);

        Found.Should().BeNull();
    }

    [Fact]
    public void All_connections_of_a_negotiation_are_forgotten_together()
    {
        var another = NegotiatedConnection.Create("another id", "another");
        _table.TryRebind(Found!, another).Should().BeTrue();

        _time.Advance(JustOverTheTimeout);

        Found.Should().BeNull();
        _table.FindConnection(another.Token).Should().BeNull();
    }

    [Fact]
    public void A_connection_is_known_as_long_as_the_host_has_told_SignalR_to_keep_it()
    {
        var options = Options.Create(new ConnectionOptions { DisconnectTimeout = TimeSpan.FromSeconds(40) });
        using var table = new NegotiationTable(_time, options);
        table.Add(NewNegotiation(), _connection);

        _time.Advance(TimeSpan.FromSeconds(40));
        table.FindConnection(_connection.Token).Should().NotBeNull();

        _time.Advance(TimeSpan.FromSeconds(2));
        table.FindConnection(_connection.Token).Should().BeNull();
    }

    [Fact]
    public void A_negotiate_that_ran_while_the_connection_opened_binds_no_second_one()
    {
        Found!.TryOpen(_connection.Id).Should().BeTrue();

        _table.TryRebind(Found!, NegotiatedConnection.Create("another id", "another")).Should().BeFalse();
    }

    [Fact]
    public async Task What_was_forgotten_comes_back_for_no_request_that_found_it_before()
    {
        var found = Found!;
        _time.Advance(JustOverTheTimeout);

        found.TryEnd(long.MaxValue).Should().BeTrue("it stays so, however often it is looked at");
        _table.TryRebind(found, NegotiatedConnection.Create("another id", "another")).Should().BeFalse();
        (await _table.TryRunAsync(found, _connection.Token, _ => Task.CompletedTask)).Should().BeFalse();
    }

    public void Dispose() => _table.Dispose();

    private Negotiation NewNegotiation()
    {
        var ticket = TokenTicket.For(new TokenRecord { Subject = "alice" }, SingleUseTokenDefaults.AuthenticationScheme);
        var hub = new HubPlace(new SingleUseTokenMetadata(), "/hub");
        return new Negotiation(hub, ticket, "token hash", _grant.Hash, ConnectionPlace.Unlimited);
    }
}
