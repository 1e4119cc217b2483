using RealtimeHub.Tests.Fixtures;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Documentation;

/// <summary>The minters that the README shows in other languages, with what a web app around them has.</summary>
public sealed class MinterTests : IAsyncLifetime
{
    private const string Django = """
        import hashlib, json, os, secrets, time
        from types import SimpleNamespace
        from redis import Redis
        redis = Redis(port=int(os.environ["REDIS_PORT"]))
        request = SimpleNamespace(user=SimpleNamespace(username="alice"))

        """;

    // The tests have no Redis client for Node: this one is redis-cli.
    private const string Node = """
        import crypto from "node:crypto";
        import { execFileSync } from "node:child_process";
        const redis = {
          set: async (key, value, { NX, EX }) => execFileSync(
            "redis-cli", ["-p", process.env.REDIS_PORT, "set", key, value, ...(NX ? ["NX"] : []), "EX", `${EX}`]),
        };
        const req = { user: { id: "alice" } };

        """;

    private readonly RedisServer _redis = new();

    public Task InitializeAsync() => _redis.InitializeAsync();

    public Task DisposeAsync() => _redis.DisposeAsync();

    [Theory]
    [InlineData("python", "/usr/bin/python3", "-c", Django, "\nprint(token, end='')")]
    [InlineData("js", "node", "--input-type=module", Node, "\nprocess.stdout.write(token);")]
    public async Task A_minter_mints_what_the_hub_spends(string language, string program, string option, string before, string after)
    {
        var block = Page.Blocks("README.md").Single(block => block.Heading == "Mint a token" && block.Language == language);
        await using var hub = Fixtures.Node.On(_redis);
        string[] arguments = program == "node" ? [option, "--eval", before + block.Text + after] : [option, before + block.Text + after];

        var run = await CommandRun.OfProgramAsync(program, arguments, new() { ["REDIS_PORT"] = $"{_redis.Port}" });

        AccessToken.TryParse(run.Output, out var token).Should().BeTrue(run.Error);
        (await _redis.Database.KeyTimeToLiveAsync($"hub:token:{token.Hash}")).Should().BeCloseTo(TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(5));
        var record = (await hub.Tokens.SpendAsync(token)).Record!;
        record.Subject.Should().Be("alice");
        record.IssuedAt.Should().BeCloseTo(TimeProvider.System.GetUtcNow(), TimeSpan.FromMinutes(1), "otherwise it opens nothing after its user was ended");
    }
}
