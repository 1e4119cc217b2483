using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using RealtimeHub.CommandLine.ConfigCheck;
using RealtimeHub.Ingress.Http;
using RealtimeHub.Ingress.RabbitMq;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.CommandLine;

/// <summary>Each warning of <c>config check</c>, and what does not deserve it.</summary>
public sealed class UnsafeSettingsTests
{
    private static readonly string Key = Node.Sha256("e5b9c8a6b1f64b3b8d0f");

    [Theory]
    [InlineData("The environment is Development", "--environment=Development")]
    [InlineData("Urls has http://0.0.0.0:5080", "--Urls=http://localhost:1;http://0.0.0.0:5080")]
    [InlineData("Urls has http://*:80", "--Urls=http://*:80")]
    [InlineData("Urls has http://hub.example", "--Urls=http://hub.example")]
    [InlineData("Kestrel:Endpoints:Web:Url has http://[::]:80", "--Kestrel:Endpoints:Web:Url=http://[::]:80")]
    [InlineData("Metrics:Urls has http://*:9464, which asks for no key", "--Metrics:Urls=http://localhost:1;http://*:9464")]
    [InlineData("Origins:Allowed:0 is null: any page", "--Origins:Allowed:0=null")]
    [InlineData("Origins:Allowed:0 is file://: any file", "--Origins:Allowed:0=file://")]
    [InlineData("Origins:Allowed:1 is http://app.example", "--Origins:Allowed:0=https://app.example", "--Origins:Allowed:1=http://app.example")]
    [InlineData("AllowedHosts has *", "--AllowedHosts=hub.example.com;*")]
    [InlineData("Redis:Connection goes to redis.internal without a password", "--Redis:Connection=redis.internal,ssl=true")]
    [InlineData("Redis:Connection goes to 10.0.0.7:6380 in clear text", "--Redis:Connection=127.0.0.1,10.0.0.7:6380,password=x")]
    [InlineData("Tokens:AcceptSeedFormat is on", "--Tokens:AcceptSeedFormat=true", "--Redis:Connection=localhost:6379")]
    [InlineData("Limits counts clients by their IP addresses", "--Limits:ConnectionsPerIpAddress=100")]
    [InlineData("RabbitMq:Uri goes to mq.internal in clear text", "--RabbitMq:Uri=amqp://hub:hunter2@mq.internal")]
    [InlineData("Api:Keys:old is a key from an example", "--Api:Keys:old=2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b")]
    [InlineData("Api:Keys:old is the hash of an empty key", "--Api:Keys:old=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public void It_is_warned_of(string warning, params string[] settings) =>
        Warnings([.. settings, $"--Api:Keys:shop={Key}"]).Should().ContainSingle().Which.Should().StartWith(warning);

    [Theory]
    [InlineData("--Urls=http://localhost:5080;http://127.0.0.1:1;http://[::1]:2;http://unix:/run/hub.sock;https://*:443")]
    [InlineData("--Metrics:Urls=http://localhost:9464;http://127.0.0.1:1;http://unix:/run/metrics.sock")]
    [InlineData("--environment=Development", "--Urls=http://*:80", "--Origins:Allowed:0=http://localhost:3000")]
    [InlineData("--Redis:Connection=localhost:6379")]
    [InlineData("--AllowedHosts=hub.example.com;*.example.org")]
    [InlineData("--Redis:Connection=127.0.0.1,[::1]:6380")]
    [InlineData("--Tokens:AcceptSeedFormat=false")]
    [InlineData("--RabbitMq:Uri=amqps://mq.internal")]
    [InlineData("--RabbitMq:Uri=amqp://localhost")]
    public void It_is_not_warned_of(params string[] settings) =>
        Warnings([.. settings, $"--Api:Keys:shop={Key}"]).Should().NotContain(warning => !warning.StartsWith("The environment is Development"));

    [Fact]
    public void No_key_at_all_is_warned_of() => Warnings().Should().ContainSingle().Which.Should().StartWith("Api:Keys is empty");

    [Theory]
    [InlineData("Redis:Conection", "Redis:Connection")]
    [InlineData("Api:Kyes:shop", "Api:Keys")]
    [InlineData("Token:Lifetime", "Tokens:Lifetime")]
    [InlineData("Limits:ConectionsPerIpAddress", "Limits:ConnectionsPerIpAddress")]
    [InlineData("Routing:Colour", null)]
    public void A_key_that_nobody_reads_is_told_with_the_one_that_was_meant(string key, string? meant) =>
        UnknownSettings.In(Services($"--{key}=1")).Should().ContainSingle()
            .Which.Should().Match(meant is null ? "Routing:Colour is no setting and has no effect." : $"* is no setting and has no effect. Did you mean {meant}?");

    [Theory]
    [InlineData("--redis:connection=localhost")]
    [InlineData("--Origins:Allowed:0=https://app.example")]
    [InlineData("--Api:Keys:anything=1")]
    [InlineData("--App:Keys2=1", "--Tooling:Lifetime=1")]
    public void What_is_read_or_belongs_to_somebody_else_is_left_alone(params string[] settings) =>
        UnknownSettings.In(Services(settings)).Should().BeEmpty();

    private static List<string> Warnings(params string[] settings) => [.. UnsafeSettings.In(Services(settings))];

    private static IServiceProvider Services(params string[] settings)
    {
        var builder = WebApplication.CreateBuilder(["--environment=Production", .. settings]);
        builder.Services.AddAuthentication().AddSingleUseToken();
        builder.Services.AddPushHub().AddHttpApi().AddRabbitMqIngress();
        return builder.Build().Services;
    }
}
