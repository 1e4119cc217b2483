using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Client;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Presence;

/// <summary>What happens to a user, as it is told to whoever follows him.</summary>
public sealed class FollowingTests(TwoNodes nodes) : IClassFixture<TwoNodes>, IAsyncLifetime
{
    private static int _users;

    private readonly string _user = $"followed {Interlocked.Increment(ref _users)}";
    private readonly CancellationTokenSource _over = new();
    private readonly Recording<JsonElement> _events = new();
    private Task _following = Task.CompletedTask;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _over.CancelAsync();
        await _following;
        _over.Dispose();
    }

    [Fact]
    public async Task A_connection_its_messages_its_resumes_its_receipts_and_its_end_are_told_whichever_node_has_it()
    {
        await FollowAsync();
        await using var stock = nodes.First.ClientFor(_user);
        await stock.StartAsync();
        var connected = await NextAsync("connected");
        connected.GetProperty("connection").GetString().Should().Be(stock.ConnectionId);

        var id = await nodes.First.Publisher.PublishAsync(Address.User(_user), "t", 1);
        (await NextAsync("sent")).GetProperty("message").GetString().Should().Be(id);
        await stock.InvokeAsync("Resume", new { cursors = new Dictionary<string, string>(), from = "retained" });
        (await NextAsync("resumed")).GetProperty("text").GetString().Should().Be("Messages that it had missed: 1. Addresses where some are lost: 0.");
        await stock.InvokeAsync("Handled", new { device = "d", addresses = new Dictionary<string, object> { [$"user:{_user}"] = new { after = id, upTo = id } } });
        (await NextAsync("handled")).GetProperty("message").GetString().Should().Be(id);
        await stock.StopAsync();

        (await NextAsync("ended")).GetProperty("node").GetString().Should().Be(connected.GetProperty("node").GetString());
    }

    [Fact]
    public async Task Who_is_refused_as_the_user_is_told_with_the_code()
    {
        await FollowAsync();
        var token = await nodes.First.Tokens.MintAsync(new() { Subject = _user, Audience = "/another" });
        await using var stock = nodes.First.ClientFor(() => Task.FromResult<string?>(token.Reveal()), skipNegotiation: true);

        await stock.Invoking(client => client.StartAsync()).Should().ThrowAsync<Exception>();

        (await NextAsync("refused")).GetProperty("text").GetString().Should().StartWith("token_audience: ");
    }

    [Fact]
    public async Task What_happens_to_others_is_not_told()
    {
        await FollowAsync();
        await using var other = nodes.First.ClientFor($"{_user} other");
        await using var stock = nodes.First.ClientFor(_user);
        await other.StartAsync();
        await stock.StartAsync();

        (await _events.NextAsync()).GetProperty("connection").GetString().Should().Be(stock.ConnectionId);
    }

    [Fact]
    public async Task An_empty_line_says_that_it_goes_on_and_comes_only_while_nothing_happens()
    {
        var time = new FakeTimeProvider(TimeProvider.System.GetUtcNow());
        await using var still = new Node { Time = time };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/users/alice/follow") { Headers = { { "X-Api-Key", Node.ApiKey } } };
        using var answer = await still.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        await using var client = still.ClientFor("alice");
        await client.StartAsync();

        (await lines.ReadLineAsync()).Should().Contain("connected");
        await still.Publisher.PublishAsync(Address.User("alice"), "t", 1);
        (await lines.ReadLineAsync()).Should().Contain("sent");

        var next = lines.ReadLineAsync();
        await Eventually.HoldsAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return Task.FromResult(next.IsCompleted);
        });
        (await next).Should().BeEmpty();
    }

    [Fact]
    public async Task It_ends_when_the_time_is_up()
    {
        using var answer = await AskAsync("?seconds=1");

        (await answer.Content.ReadAsStringAsync()).Trim().Should().BeEmpty();
    }

    [Theory]
    [InlineData("?seconds=0")]
    [InlineData("?seconds=601")]
    [InlineData("?seconds=x")]
    [InlineData("?seconds=1&seconds=2")]
    public async Task A_time_that_is_none_is_refused(string query) =>
        await (await AskAsync(query)).ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "query_invalid");

    /// <summary>Returns when all that happens from now on is told.</summary>
    private async Task FollowAsync()
    {
        var answer = await AskAsync("");
        answer.StatusCode.Should().Be(HttpStatusCode.OK);
        _following = ReadAsync(answer);
    }

    private async Task ReadAsync(HttpResponseMessage answer)
    {
        using (answer)
        {
            try
            {
                using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync(_over.Token));
                while (await lines.ReadLineAsync(_over.Token) is { } line)
                {
                    if (line.Length > 0)
                    {
                        _events.Add(JsonSerializer.Deserialize<JsonElement>(line));
                    }
                }
            }
            catch (OperationCanceledException)
            {
                // The test is over.
            }
        }
    }

    private Task<JsonElement> NextAsync(string kind) => _events.NextAsync(told => told.GetProperty("kind").GetString() == kind);

    private Task<HttpResponseMessage> AskAsync(string query) => nodes.Second.Client.SendAsync(
        new HttpRequestMessage(HttpMethod.Get, $"/api/users/{Uri.EscapeDataString(_user)}/follow{query}") { Headers = { { "X-Api-Key", Node.ApiKey } } },
        HttpCompletionOption.ResponseHeadersRead);
}
