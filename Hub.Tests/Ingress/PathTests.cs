using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress;

/// <summary>Paths that two readers read differently: a proxy that guards one, and the hub behind it.</summary>
public sealed class PathTests(InMemoryNode fixture) : IClassFixture<InMemoryNode>
{
    private readonly Uri _hub = fixture.Node.Address;

    [Theory]
    [InlineData("/api/users/alice/./messages")]
    [InlineData("/api/users/alice/x/../messages")]
    [InlineData("/api/users/alice/../bob/messages")]
    [InlineData("/api/users/alice/%2e%2e/bob/messages")]
    [InlineData("/api/users/alice/%2E./bob/messages")]
    [InlineData("/api/./users/alice/messages")]
    [InlineData("/./api/users/alice/messages")]
    [InlineData("/x/../api/users/alice/messages")]
    [InlineData("/api/users/../groups/room1/messages")]
    [InlineData("/api/users/./messages")]
    [InlineData("/api/users/../messages")]
    [InlineData("/api/users/%2e/messages")]
    [InlineData("/api/users/%2e%2e/messages")]
    [InlineData("/api/users/.%2e/messages")]
    [InlineData("/api/users/%252e%252e/messages")]
    [InlineData("/api/users/%2e%2e%2fbob/messages")]
    [InlineData("/api/users/alice%2F..%2Fbob/messages")]
    [InlineData("/api/users/alice%5C..%5Cbob/messages")]
    [InlineData("/api/users/..%5Cbob/messages")]
    [InlineData("/api/users/..%3Bx/messages")]
    [InlineData("/api/users/alice;x=1/messages")]
    [InlineData("/api/users/..;/messages")]
    [InlineData("/api/users\\alice\\messages")]
    [InlineData("/api/users/alice\\..\\bob/messages")]
    [InlineData("/api/users/a|b/messages")]
    [InlineData("/api/users/a\tb/messages")]
    [InlineData("/api/users/alice/messages#fragment")]
    [InlineData("/api/users/a%zzb/messages")]
    [InlineData("/api/users/a%2/messages")]
    [InlineData("/api/users/a%/messages")]
    [InlineData("/%61pi/users/alice/messages")]
    [InlineData("/api/%75sers/alice/messages")]
    [InlineData("/api/users/alice/%6dessages")]
    [InlineData("/api/every%6fne/messages")]
    [InlineData("//api/users/alice/messages")]
    [InlineData("/api//users/alice/messages")]
    [InlineData("/api/users/alice//messages")]
    [InlineData("http://hub.example/api/users/../groups/room1/messages")]
    public async Task A_path_that_can_be_read_in_two_ways_publishes_nothing(string target)
    {
        var (status, answer) = await RawHttp.PostAsync(_hub, target);

        status.Should().Be(400, answer);
        answer.Should().NotContain("\"id\"");
    }

    [Theory]
    [InlineData("/health/../health/live")]
    [InlineData("/x/../health/live")]
    [InlineData("/api/../health/live")]
    [InlineData("/api/%2e%2e/health/ready")]
    [InlineData("/api/x/%2e%2E/../health/ready")]
    [InlineData("/%68ealth/live")]
    [InlineData("/health%2flive")]
    [InlineData("/health/live%00")]
    [InlineData("/health/live;x")]
    [InlineData("/health/./live")]
    [InlineData("//health/live")]
    [InlineData("/health//live")]
    [InlineData("/health\\live")]
    [InlineData("/%C0%AE%C0%AE/health/live")]
    [InlineData("/api/%C0%AE%C0%AE/health/live")]
    [InlineData("/openapi/../openapi/v1.json")]
    [InlineData("/openap%69/v1.json")]
    [InlineData("/./openapi/v1.json")]
    [InlineData("/x/../hub")]
    [InlineData("/h%75b")]
    [InlineData("/hub/../hub/negotiate")]
    [InlineData("/hub/%6eegotiate")]
    [InlineData("/./realtimehub.js")]
    [InlineData("/realtimehub%2ejs")]
    [InlineData("//realtimehub.js")]
    public async Task Every_address_of_the_hub_has_one_spelling(string target)
    {
        (await RawHttp.GetAsync(_hub, target)).Status.Should().Be(400);
        (await RawHttp.PostAsync(_hub, target)).Status.Should().Be(400);
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/live?path=/../x;y%zz")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/realtimehub.js")]
    public async Task That_spelling_is_answered_also_with_the_host_in_front(string target)
    {
        (await RawHttp.GetAsync(_hub, target)).Status.Should().Be(200);
        (await RawHttp.GetAsync(_hub, $"http://{_hub.Authority}{target}")).Status.Should().Be(200);
    }

    [Theory]
    [InlineData("a%2Fb", "a/b")]
    [InlineData("a%252Fb", "a%2Fb")]
    [InlineData("DOMAIN%5Calice", "DOMAIN\\alice")]
    [InlineData("alice%3Bx", "alice;x")]
    [InlineData("alice.of.wonderland", "alice.of.wonderland")]
    [InlineData("...", "...")]
    [InlineData("100%25", "100%")]
    [InlineData("Zo%C3%AB", "Zoë")]
    [InlineData("alice@example.com", "alice@example.com")]
    [InlineData("%61lice", "alice")]
    [InlineData("a+b", "a+b")]
    public async Task A_name_is_decoded_once_and_is_nobody_elses(string segment, string user)
    {
        await using var client = fixture.Node.ClientFor(user, skipNegotiation: true);
        var received = await Received.ByAsync(client);

        (await RawHttp.PostAsync(_hub, $"/api/users/{segment}/messages")).Status.Should().Be(202);

        (await received.NextAsync()).GetProperty("address").GetString().Should().Be(Address.User(user).ToString());
    }

    [Theory]
    [InlineData("Zo%EB")]
    [InlineData("%C0%AE%C0%AE")]
    [InlineData("%C0%AFalice")]
    [InlineData("alice%ED%A0%80")]
    [InlineData("alice%F8%88%80%80%80")]
    [InlineData("alice%C3")]
    [InlineData("%FF")]
    public async Task A_name_that_is_no_UTF_8_is_refused_and_told_what_names_are(string segment)
    {
        foreach (var of in (string[])["users", "groups"])
        {
            var (status, answer) = await RawHttp.PostAsync(_hub, $"/api/{of}/{segment}/messages");

            status.Should().Be(400);
            answer.Should().Contain("\"name_invalid\"").And.Contain("UTF-8");
        }
    }

    [Theory]
    [InlineData("/API/users/alice/messages")]
    [InlineData("/api/USERS/alice/Messages")]
    public async Task Upper_case_outside_of_names_means_nothing(string target) =>
        (await RawHttp.PostAsync(_hub, target)).Status.Should().Be(202);

    [Theory]
    [InlineData("/api/users/alice/messages/")]
    [InlineData("/api/tokens/")]
    [InlineData("/api/groups/")]
    public async Task A_slash_at_the_end_is_a_name_that_is_missing(string target)
    {
        var (status, answer) = await RawHttp.PostAsync(_hub, target);

        status.Should().Be(400);
        answer.Should().Contain("\"name_invalid\"");
    }
}
