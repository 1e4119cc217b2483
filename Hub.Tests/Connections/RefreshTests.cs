using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Presence;
using RealtimeHub.Tests.Authentication;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Connections;

/// <summary>SignalR's own clients of .NET 11 renew a negotiated connection by a request of their own.</summary>
public sealed class RefreshTests(InMemoryNode node) : IClassFixture<InMemoryNode>
{
    private readonly string _alice = Guid.NewGuid().ToString("N");

    private RawHub Hub => new(node.Node);

    private static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    [Fact]
    public async Task A_stock_client_that_does_not_renew_is_ended_within_two_seconds_after_its_token()
    {
        DateTimeOffset? first = null;
        await using var stalls = new MachineStalls();
        await using var client = await StockProgram.ConnectAsync(
            StockProgram.Dotnet11, new Uri(node.Node.Address, "hub"), negotiates: false, () =>
            {
                var end = DateTimeOffset.FromUnixTimeSeconds(Now.ToUnixTimeSeconds() + (first is null ? 6 : 3_600));
                first ??= end;
                return MintAsync(end);
            });

        (await client.NextAsync()).Should().Be("reconnecting");

        var end = first!.Value;
        Now.Should().BeAfter(end).And.BeBefore(end.AddSeconds(2) + stalls.Longest).And.BeBefore(end.AddSeconds(5));
    }

    [Fact]
    public async Task It_is_told_when_to_and_goes_on_with_the_new_token()
    {
        var (connection, grant) = await OpenAsync(await MintAsync(Now.AddMinutes(1)));
        var fresh = await MintAsync(Now.AddHours(1));

        using var refreshed = await RefreshAsync(connection, fresh);

        refreshed.StatusCode.Should().Be(HttpStatusCode.OK);
        var answer = JsonElement.Parse(await refreshed.Content.ReadAsStringAsync());
        answer.GetProperty("connectionId").GetString().Should().Be((await ConnectionAsync()).Id);
        answer.GetProperty("tokenLifetimeSeconds").GetInt32().Should().BeInRange(3_500, 3_600);
        (await ConnectionAsync()).Expires.Should().BeAfter(Now.AddMinutes(50));
        foreach (var credential in (string[])[fresh, grant])
        {
            (await Hub.PostAsync(connection, credential, "{\"type\":6}\u001e")).StatusCode.Should().Be(HttpStatusCode.OK);
        }
    }

    [Fact]
    public async Task The_answer_to_a_negotiate_says_how_long_the_token_lives_if_it_ends()
    {
        using var ending = await Hub.NegotiateAsync(await MintAsync(Now.AddMinutes(1)));
        using var endless = await Hub.NegotiateAsync(await node.Node.MintAsync(_alice));

        JsonElement.Parse(await ending.Content.ReadAsStringAsync()).GetProperty("tokenLifetimeSeconds").GetInt32().Should().BeInRange(30, 60);
        (await endless.Content.ReadAsStringAsync()).Should().NotContain("tokenLifetimeSeconds");
    }

    [Fact]
    public async Task Another_users_token_is_refused_and_the_connection_stays_as_it_was()
    {
        var (connection, grant) = await OpenAsync(await MintAsync(Now.AddMinutes(1)));
        var before = await ConnectionAsync();
        var foreign = await node.Node.MintAsync($"{_alice}'s brother");

        await (await RefreshAsync(connection, foreign)).ShouldBeRefusedAsync(HttpStatusCode.Forbidden, "connection_foreign");

        (await ConnectionAsync()).Should().BeEquivalentTo(before);
        (await Hub.PostAsync(connection, grant, "{\"type\":6}\u001e")).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    [Fact]
    public async Task What_has_opened_the_connection_does_not_renew_it()
    {
        var token = await MintAsync(Now.AddMinutes(1));
        var (connection, grant) = await OpenAsync(token);

        await (await RefreshAsync(connection, token)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_spent");
        await (await RefreshAsync(connection, grant)).ShouldBeRefusedAsync(HttpStatusCode.Unauthorized, "token_spent");
    }

    [Fact]
    public async Task What_names_no_connection_or_two_spends_nothing()
    {
        var token = await node.Node.MintAsync(_alice);

        await (await RefreshAsync("0123456789abcdefghijkl", token)).ShouldBeRefusedAsync(HttpStatusCode.NotFound, "connection_unknown");
        await (await Hub.SendAsync(HttpMethod.Post, "hub/refresh", token)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "connection_missing");
        await (await Hub.SendAsync(HttpMethod.Post, "hub/refresh?id=0123456789abcdefghijkl", token, ("X-SignalR-Connection-Token", "0123456789abcdefghijkl")))
            .ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "request_ambiguous");

        (await Hub.NegotiateAsync(token)).StatusCode.Should().Be(HttpStatusCode.OK);
    }

    private Task<HttpResponseMessage> RefreshAsync(string connection, string credential) =>
        Hub.SendAsync(HttpMethod.Post, "hub/refresh", credential, ("X-SignalR-Connection-Token", connection));

    private async Task<string> MintAsync(DateTimeOffset end) =>
        (await node.Node.Tokens.MintAsync(new TokenRecord { Subject = _alice, ExpiresAt = end })).Reveal();

    private async Task<(string Connection, string Grant)> OpenAsync(string token)
    {
        var (connection, grant) = await Hub.NegotiatedAsync(token);
        await Hub.OpenAsync(connection, grant);
        return (connection, grant);
    }

    private async Task<UserConnection> ConnectionAsync() =>
        (await node.Node.Services.GetRequiredService<IConnections>().GetAsync(_alice)).Connections.Single();
}
