using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.Client;
using RealtimeHub.Operations;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Client;
using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tests.Resuming;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Connections;

/// <summary>
/// A token that may be minted opens a connection, and that connection can resume: in one call, with every cursor that it was given.
/// </summary>
public sealed class LegalTokenTests(TwoNodes nodes) : IClassFixture<TwoNodes>
{
    /// <summary>A character that .NET escapes to six.</summary>
    private const char Costly = '+';

    private static int _users;

    private readonly string _user = $"{Interlocked.Increment(ref _users)}".PadLeft(Identifier.MaxLength, Costly);

    [Theory]
    [InlineData(HttpTransportType.WebSockets, Costly, 1_000)]
    [InlineData(HttpTransportType.ServerSentEvents, Costly, 1_000)]
    [InlineData(HttpTransportType.LongPolling, Costly, 1_000)]
    [InlineData(HttpTransportType.WebSockets, Costly, 250)]
    [InlineData(HttpTransportType.WebSockets, 'é', 500)]
    [InlineData(HttpTransportType.WebSockets, '語', 500)]
    public async Task A_stock_client_with_the_largest_token_connects_and_resumes_with_all_of_its_cursors(
        HttpTransportType transport, char letter, int count)
    {
        var groups = LargestGroups(letter, count);
        await using var client = nodes.First.ClientFor(() => nodes.First.MintAsync(_user, groups)!, transport);
        await client.StartAsync();
        var cursors = await BeginAsync(client);
        cursors.Should().HaveCount(groups.Length + 2);
        await PublishAsync(groups[^1]);

        var answer = new ResumeReply(await client.InvokeAsync<JsonElement>("Resume", new { cursors }));

        answer[Address.Group(groups[^1])].Types.Should().Equal("t");
        answer[Address.Group(groups[^1])].Recovered.Should().BeTrue();
    }

    [Fact]
    public async Task So_does_our_client_after_a_drop()
    {
        var groups = LargestGroups(Costly, 1_000);
        var (handled, states) = (new Recording<string>(), new Recording<StateChange>());
        await using var wire = new Wire(TimeSpan.Zero, nodes.First.Address.Port);
        await using var connection = new PushClient(new PushClientOptions
        {
            Url = new Uri($"http://127.0.0.1:{wire.Port}/hub"),
            Token = async _ => await nodes.First.MintAsync(_user, groups),
        });
        connection.On("*", message => Add(message.Address));
        connection.OnState(states.Add);
        await connection.StartAsync();

        await wire.WhileClosedAsync(async () =>
        {
            await states.NextAsync(change => change.State == PushState.Reconnecting);
            await PublishAsync(groups[^1]);
        });

        (await handled.NextAsync()).Should().Be($"group:{groups[^1]}");

        Task Add(string address)
        {
            handled.Add(address);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task A_record_may_have_64_KB_as_it_is_stored()
    {
        var record = new TokenRecord { Subject = _user, Claims = new Dictionary<string, IReadOnlyList<string>> { ["plan"] = [""] } };
        var room = TokenRecord.MaxBytes - record.ForMinting(DateTimeOffset.UnixEpoch).ToJson().Length;

        // The time and the epoch of later have more digits.
        var largest = record with { Claims = Plan(room - 9 - 12) };
        var tooLarge = record with { Claims = Plan(room + 1) };

        (await SpendAsync(largest)).IsAccepted.Should().BeTrue();
        await nodes.First.Tokens.Awaiting(tokens => tokens.MintAsync(tooLarge)).Should().ThrowAsync<ArgumentException>().WithMessage("*64 KB*");

        static Dictionary<string, IReadOnlyList<string>> Plan(int length) => new() { ["plan"] = [new string('x', length)] };
    }

    [Theory]
    [InlineData(TokenRecord.MaxBytes, nameof(SpendOutcome.Accepted))]
    [InlineData(TokenRecord.MaxBytes + 1, nameof(SpendOutcome.Malformed))]
    public async Task So_may_one_that_another_minter_has_stored(int length, string outcome)
    {
        var token = RealtimeHub.Tokens.AccessToken.Create();
        var record = Encoding.UTF8.GetBytes("""{"sub":"alice"}""".PadRight(length));
        await nodes.Redis.Database.StringSetAsync($"hub:token:{Node.Sha256(token.Reveal())}", record, TimeSpan.FromSeconds(20));

        (await nodes.First.Tokens.SpendAsync(token)).Outcome.ToString().Should().Be(outcome);
    }

    [Fact]
    public async Task A_record_that_would_take_more_room_when_stored_is_refused_by_the_API()
    {
        var body = $$"""{"sub":"{{_user}}","name":"{{new string('é', 32_500)}}"}""";
        Encoding.UTF8.GetByteCount(body).Should().BeLessThanOrEqualTo(64 * 1024);
        using var fits = await MintAsync(body);
        fits.StatusCode.Should().Be(HttpStatusCode.Created);

        using var refused = await MintAsync($$"""{"sub":"alice","name":"{{string.Concat(Enumerable.Repeat("😀", 12_000))}}"}""");

        await refused.ShouldBeRefusedAsync(HttpStatusCode.BadRequest, "body_invalid");
        (await refused.Content.ReadAsStringAsync()).Should().Contain("64 KB");
    }

    [Fact]
    public async Task Groups_that_are_joined_later_count_as_well()
    {
        var groups = LargestGroups(Costly, 250);
        await using var client = nodes.First.ClientFor(() => nodes.First.MintAsync(_user, groups)!);
        await client.StartAsync();
        var directory = nodes.Second.Services.GetRequiredService<IConnectionDirectory>();
        await Eventually.HoldsAsync(async () => (await directory.LocateAsync([client.ConnectionId!])).Count > 0);
        string[] more = [.. Enumerable.Range(0, 20).Select(number => $"more {number}".PadRight(Identifier.MaxLength, Costly))];

        var join = async () =>
        {
            foreach (var group in more)
            {
                await nodes.Second.Hub.Groups.AddToGroupAsync(client.ConnectionId!, group);
            }
        };

        (await join.Should().ThrowAsync<InvalidOperationException>()).WithMessage("*65536 characters*");
        await nodes.First.Hub.Groups.RemoveFromGroupAsync(client.ConnectionId!, groups[0]);
        await nodes.First.Hub.Groups.AddToGroupAsync(client.ConnectionId!, groups[0]);
        await client.InvokeAsync<JsonElement>("Resume", new { cursors = await BeginAsync(client) });
    }

    public static TheoryData<string> TooMuch => ["\"" + new string('x', 512 * 1024) + "\"", new string('[', 65) + new string(']', 65)];

    [Theory]
    [MemberData(nameof(TooMuch))]
    public async Task A_call_beyond_the_bounds_ends_its_connection_and_no_other(string argument)
    {
        await using var client = nodes.First.ClientFor(_user);
        await using var other = nodes.First.ClientFor(_user);
        var closed = new TaskCompletionSource();
        client.Closed += _ =>
        {
            closed.TrySetResult();
            return Task.CompletedTask;
        };
        await client.StartAsync();
        await other.StartAsync();

        await client.Invoking(
            connection => connection.InvokeAsync("Resume", JsonElement.Parse(argument, new JsonDocumentOptions { MaxDepth = 100 })))
            .Should().ThrowAsync<Exception>();

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(30));
        (await BeginAsync(other)).Should().HaveCount(2);
    }

    /// <summary>So many groups, with names of one length, that a record of them has close to the most bytes.</summary>
    private string[] LargestGroups(char letter, int count)
    {
        var bytes = Encoding.UTF8.GetByteCount([letter]);
        var room = TokenRecord.MaxBytes - 80 - Encoding.UTF8.GetByteCount(_user) - (3 * count);
        var length = Math.Min(Identifier.MaxLength, ((room / count) - 10) / bytes);
        var mine = _user.TrimStart(Costly);
        return [.. Enumerable.Range(0, count).Select(number => $"{mine}.{number}".PadRight(length, letter))];
    }

    /// <summary>The cursors of a first visit, asked for as the protocol says: page after page.</summary>
    private static async Task<Dictionary<string, string>> BeginAsync(HubConnection client)
    {
        var cursors = new Dictionary<string, string>();
        ResumeReply answer;
        do
        {
            answer = new ResumeReply(await client.InvokeAsync<JsonElement>("Resume", new { cursors, from = "head" }));
            foreach (var address in answer.Addresses)
            {
                cursors[address] = answer[address].Cursor;
            }
        }
        while (answer.More);

        return cursors;
    }

    private async Task<SpendResult> SpendAsync(TokenRecord record) =>
        await nodes.Second.Tokens.SpendAsync(await nodes.First.Tokens.MintAsync(record));

    private async Task<HttpResponseMessage> MintAsync(string body)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tokens")
        {
            Headers = { { "X-Api-Key", Node.ApiKey } },
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        return await nodes.First.Client.SendAsync(request);
    }

    private Task<string> PublishAsync(string group) => nodes.Second.Publisher.PublishAsync(Address.Group(group), "t", 1);
}
