using System.Net;
using RealtimeHub.Redis;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Redis;

/// <summary>How <c>Redis:Connection</c> is read, and that no form of it gives a password away.</summary>
public sealed class ConnectionStringTests
{
    private const string Secret = "hunter2";

    [Theory]
    [InlineData("redis://user:secret@host/0", "host:6379", "user", "secret", 0, false)]
    [InlineData("rediss://user:secret@host:6380/3", "host:6380", "user", "secret", 3, true)]
    [InlineData("REDIS://:secret@10.0.0.1", "10.0.0.1:6379", null, "secret", null, false)]
    [InlineData("redis://host", "host:6379", null, null, null, false)]
    [InlineData("redis://host:7000/", "host:7000", null, null, null, false)]
    [InlineData("redis://[::1]:6379/9", "[::1]:6379", null, null, 9, false)]
    [InlineData("redis://a%40b:p%2Ca%2Fs%25s%20@host", "host:6379", "a@b", "p,a/s%s ", null, false)]
    [InlineData("redis://user:p,a=s/s@w:o?r#d@host:6379/0", "host:6379", "user", "p,a=s/s@w:o?r#d", 0, false)]
    [InlineData(" rediss://:secret@host?connectTimeout=1000&user=late\n", "host:6379", "late", "secret", null, true)]
    [InlineData("host:6379,user=user,password=secret,defaultDatabase=8,ssl=true", "host:6379", "user", "secret", 8, true)]
    [InlineData("host,password=a=b@c", "host", null, "a=b@c", null, false)]
    [InlineData("one:1,two:2,password=secret", "one:1, two:2", null, "secret", null, false)]
    public void Both_spellings_are_understood(string text, string hosts, string? user, string? password, int? database, bool tls)
    {
        var options = new RedisStoreOptions { Connection = text };

        options.Hosts.Should().Be(hosts);
        options.Parse().Should().BeEquivalentTo(new { User = user, Password = password, DefaultDatabase = database, Ssl = tls });
    }

    [Theory]
    [InlineData("redis://hunter2")]
    public void A_host_alone_is_a_host(string text) => new RedisStoreOptions { Connection = text }.Hosts.Should().Be("hunter2:6379");

    [Theory]
    [InlineData("redis://hunter2@host")]
    [InlineData("redis:/user:hunter2@host")]
    [InlineData("redis:user:hunter2@host:6379")]
    [InlineData("redis//:hunter2@host:6379")]
    [InlineData("redi://user:hunter2@host")]
    [InlineData("http://user:hunter2@host")]
    [InlineData("user:hunter2@host:6379")]
    [InlineData("\"redis://user:hunter2@host/0\"")]
    [InlineData("redis://user:hunter2@host/zero")]
    [InlineData("redis://user:hunter2@host:port/0")]
    [InlineData("redis://user:hunter2@host:99999/0")]
    [InlineData("redis://user:hunter2@one:1,two:2")]
    [InlineData("redis://user:hunter2@host,ssl=true")]
    [InlineData("redis://user:hunter2@host?ssl_cert_reqs=none")]
    [InlineData("host:6379,password=a,hunter2")]
    [InlineData("host:6379,password=a,hunter2=b")]
    [InlineData("host:6379,passwort=hunter2")]
    [InlineData("host:6379,hunter2")]
    [InlineData("hunter2,host:6379")]
    [InlineData("host:6379 password=hunter2")]
    [InlineData("host:6379;password=hunter2")]
    [InlineData("host:6379,ssl=hunter2")]
    [InlineData("password=hunter2")]
    [InlineData(",")]
    public void What_cannot_be_read_for_certain_is_a_mistake_and_nothing_of_it_is_repeated(string text)
    {
        var result = new RedisStoreOptionsValidator().Validate(null, new RedisStoreOptions { Connection = text });

        result.Failures.Should().ContainSingle(mistake => mistake.StartsWith("Redis:Connection ")).Which.Should().NotContain(Secret);
    }

    [Theory]
    [InlineData("redis://app:hun%2Cter2@{0}/3")]
    [InlineData("redis://app:hun,ter2@{0}/3")]
    public async Task A_node_runs_on_an_address_as_hosts_give_it_and_prints_no_password(string address)
    {
        using var redis = new RedisServer();
        await redis.InitializeAsync();
        await redis.Database.ExecuteAsync("ACL", "SETUSER", "app", "on", ">hun,ter2", "~*", "&*", "+@all");
        await using var node = new Node(("Redis:Connection", string.Format(System.Globalization.CultureInfo.InvariantCulture, address, redis.Connection)));

        await node.MintAsync("alice");

        (await node.Client.GetAsync("/health/ready")).StatusCode.Should().Be(HttpStatusCode.OK);
        redis.Server.Keys(3, "hub:token:*").Should().ContainSingle();
        node.Log.Lines.Should().NotContain(line => line.Contains("ter2"));
    }

    [Theory]
    [InlineData("--Redis:Connection", "redis://user:hunter2@127.0.0.1:{0}/0")]
    [InlineData("--Redis:Connection", "127.0.0.1:{0},password=hun,hunter2")]
    [InlineData("--Redis:Connection", "redis://user:hunter2@127.0.0.1:{0}/zero")]
    [InlineData("--RabbitMq:Uri", "amqp://user:hunter2@127.0.0.1:{0}/a/b")]
    [InlineData("--RabbitMq:Uri", "amqp:/user:hunter2@127.0.0.1:{0}")]
    [InlineData("--Api:Keys:shop", "hunter2")]
    [InlineData("--Api:Keys", "hunter2")]
    public async Task A_check_prints_no_secret_however_it_is_misspelt(string key, string value)
    {
        var run = await CommandRun.OfAsync(
            "config", "check", key, string.Format(System.Globalization.CultureInfo.InvariantCulture, value, LoopbackPort.Next()));

        run.Output.Should().MatchRegex("^(?:error|warning): ").And.NotContain(Secret);
        run.Error.Should().BeEmpty();
    }
}
