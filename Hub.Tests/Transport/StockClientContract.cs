using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Transport;

/// <summary>
/// What SignalR's own clients of other packages get on both transports; <see cref="TransportContract"/> has the one of .NET 10.
/// </summary>
public abstract class StockClientContract(bool isOwn) : IAsyncLifetime
{
    private ContractHost _host = null!;

    public static TheoryData<string> Kinds => [StockProgram.Dotnet11, StockProgram.JavaScript];

    public static TheoryData<string, bool> KindsAndWays => new()
    {
        { StockProgram.Dotnet11, false },
        { StockProgram.Dotnet11, true },
        { StockProgram.JavaScript, false },
        { StockProgram.JavaScript, true },
    };

    public async Task InitializeAsync() => _host = await ContractHost.StartAsync(isOwn);

    public async Task DisposeAsync() => await _host.DisposeAsync();

    [Theory]
    [MemberData(nameof(KindsAndWays))]
    public async Task One_token_opens_a_connection_that_receives_in_order_calls_and_ends_when_the_client_stops(string kind, bool negotiates)
    {
        await using var client = await ConnectAsync(kind, negotiates);

        await client.InvokeAsync("Tell", "[100]");

        // An answer may overtake what the client hands to the application one after the other.
        var lines = await NextAsync(client, count: 101);
        lines.Except(["answered"]).Should().Equal(Enumerable.Range(1, 100).Select(number => $"received {number}"));
        (await EchoAsync(client, "a word")).Should().Be("answered \"a word\"");
        client.TokensAsked.Should().Be(1);
        await client.StopAsync();
        (await _host.EndedAsync()).Should().Be("by itself");
    }

    /// <summary>The client that is not there any more shows that the time is over in which the hub wants to have heard something.</summary>
    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_client_with_nothing_to_say_keeps_its_connection(string kind)
    {
        await using var client = await ConnectAsync(kind, negotiates: false);
        using var silent = await RawClient.ConnectAsync(_host.Hub("chat"), await _host.MintAsync());
        await silent.GreetAsync();
        await silent.SendAsync("{\"type\":6}\u001e");

        (await _host.EndedAsync()).Should().Be(nameof(OperationCanceledException));

        (await EchoAsync(client, "still here")).Should().Be("answered \"still here\"");
        client.TokensAsked.Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(KindsAndWays))]
    public async Task A_client_that_the_hub_asks_to_come_again_comes_at_once_with_another_token(string kind, bool negotiates)
    {
        await using var client = await ConnectAsync(kind, negotiates);

        await client.InvokeAsync("SendBack");

        // The call is answered before, or fails with the connection.
        (await NextAsync(client, count: 3)).Where(line => line != "answered" && !line.StartsWith("failed", StringComparison.Ordinal))
            .Should().Equal("reconnecting", "reconnected");
        client.TokensAsked.Should().Be(2);
        (await _host.EndedAsync()).Should().Be("by itself");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_client_that_the_hub_sends_away_stays_away(string kind)
    {
        await using var client = await ConnectAsync(kind, negotiates: false);

        await client.InvokeAsync("Leave");

        // The call is answered before, or fails with the connection.
        (await NextAsync(client, count: 2)).Should().ContainSingle(line => line.StartsWith("closed", StringComparison.Ordinal))
            .And.NotContain("reconnecting");
        client.TokensAsked.Should().Be(1);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task A_client_whose_host_stops_tries_to_come_back(string kind)
    {
        await using var client = await ConnectAsync(kind, negotiates: false);

        await Task.Run(_host.StopAsync);

        (await client.NextAsync()).Should().Be("reconnecting");
    }

    private Task<StockProgram> ConnectAsync(string kind, bool negotiates) =>
        StockProgram.ConnectAsync(kind, _host.Hub("chat"), negotiates, () => _host.MintAsync());

    private static async Task<string> EchoAsync(StockProgram client, string text)
    {
        await client.InvokeAsync("Echo", $"[\"{text}\"]");
        return await client.NextAsync();
    }

    private static async Task<IReadOnlyList<string>> NextAsync(StockProgram client, int count)
    {
        var lines = new List<string>();
        while (lines.Count < count)
        {
            lines.Add(await client.NextAsync());
        }

        return lines;
    }
}
