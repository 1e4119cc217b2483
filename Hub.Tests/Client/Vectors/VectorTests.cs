using System.Text.Json;
using RealtimeHub.Client;
using RealtimeHub.Client.Connecting;

namespace RealtimeHub.Tests.Client.Vectors;

/// <summary>Holds this client to docs/vectors, as those of the JavaScript client hold that one.</summary>
public sealed class VectorTests
{
    private static readonly Dictionary<string, Func<JsonElement, Task<object?>>> Clients = new()
    {
        ["addresses"] = Answering(input => CursorRules.IsAddress(input.GetString()!)),
        ["backoff"] = Answering(DelayMs),
        ["close"] = ClosedClient.RunAsync,
        ["cursors"] = Answering(input => CursorRules.IsCursor(input.GetString())),
        ["ended"] = EndedClient.RunAsync,
        ["groups"] = GroupClient.RunAsync,
        ["heads"] = Answering(LogClient.Run),
        ["joined"] = Answering(LogClient.Run),
        ["live"] = Answering(LogClient.Run),
        ["loss"] = Answering(LogClient.Run),
        ["receipts"] = TellingClient.RunAsync,
        ["refusal"] = Answering(ToldFailure),
        ["renewal"] = Answering(RenewalMs),
        ["resume"] = Answering(LogClient.Run),
        ["secret"] = SecretClient.RunAsync,
        ["transient"] = Answering(LogClient.Run),
    };

    public static TheoryData<string, string> Names
    {
        get
        {
            var names = new TheoryData<string, string>();
            foreach (var topic in Clients.Keys)
            {
                VectorFile.Of(topic).Vectors.ToList().ForEach(vector => names.Add(topic, vector.Name));
            }

            return names;
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task The_client_does_as_the_vector_says(string topic, string name)
    {
        var vector = VectorFile.Of(topic).Vectors.Single(vector => vector.Name == name);

        var actual = JsonSerializer.SerializeToElement(await Clients[topic](vector.Input), JsonSerializerOptions.Web);

        JsonElement.DeepEquals(actual, vector.Expected).Should().BeTrue($"'{name}' expects {vector.Expected}, and not {actual}");
    }

    [Fact]
    public void Every_file_of_vectors_is_run() => Clients.Keys.Should().BeEquivalentTo(VectorFile.Topics);

    private static Func<JsonElement, Task<object?>> Answering<T>(Func<JsonElement, T> client) =>
        input => Task.FromResult<object?>(client(input));

    private static double DelayMs(JsonElement input)
    {
        var options = new RetryOptions { First = Milliseconds(input, "firstMs"), Max = Milliseconds(input, "maxMs") };
        options.Validate();
        return new ReconnectPolicy(options, input.GetProperty("random").GetDouble).Delay(input.GetProperty("attempt").GetInt32()).TotalMilliseconds;
    }

    private static double RenewalMs(JsonElement input) =>
        new RenewalPolicy(input.GetProperty("random").GetDouble).Delay(input.GetProperty("tokenLifetimeSeconds").GetDouble()).TotalMilliseconds;

    private static TimeSpan Milliseconds(JsonElement input, string name) => TimeSpan.FromMilliseconds(input.GetProperty(name).GetInt32());

    private static int ToldFailure(JsonElement input)
    {
        List<PushException> failures = [.. input.EnumerateArray().Select(Failure)];
        return failures.IndexOf(PushException.MostTelling(failures));
    }

    private static PushException Failure(JsonElement outcome) => outcome.TryGetProperty("refused", out var refused)
        ? new RefusedException(
            (System.Net.HttpStatusCode)refused.GetProperty("status").GetInt32(), refused.GetProperty("code").GetString()!, detail: null)
        : new ConnectionException("There was no answer of a hub.");
}
