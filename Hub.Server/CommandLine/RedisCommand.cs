using System.CommandLine;
using Microsoft.Extensions.Options;
using RealtimeHub.CommandLine.ConfigCheck;
using RealtimeHub.Redis;

namespace RealtimeHub.CommandLine;

/// <summary>A command that does one thing in the hub's Redis, with the server's own configuration and rules, and ends.</summary>
internal abstract class RedisCommand : HubCommand
{
    private readonly Func<string[], Action<IServiceCollection>, WebApplication> _build;

    protected RedisCommand(
        string name, string description, Func<string[], Action<IServiceCollection>, WebApplication> build, string[] examples)
        : base(name, description, examples)
    {
        _build = build;
        ConfigurationArguments.AddTo(this, anyKey: false);
        SetAction(async (parsed, _) => await (await TryAsync(parsed)).WriteAsync(JsonOption.IsGiven(parsed)));
    }

    /// <summary>What to know before another attempt, if Redis did not answer.</summary>
    protected abstract string TryingAgain { get; }

    /// <exception cref="StoreUnavailableException">Redis does not answer.</exception>
    protected abstract Task<Outcome> DoAsync(ParseResult parsed, IServiceProvider services);

    /// <summary>A server keeps trying to connect. A command gives up, because somebody waits for it.</summary>
    public static void ConnectOnce(IServiceCollection services) =>
        services.PostConfigure<RedisStoreOptions>(options => options.Attempts = 1);

    // Not disposed, since the process ends now: while Redis does not answer, closing the connection would take long.
    private async Task<Outcome> TryAsync(ParseResult parsed)
    {
        try
        {
            var services = _build(ConfigurationArguments.QuietlyOf(parsed), ConnectOnce).Services;
            var redis = services.GetRequiredService<IOptions<RedisStoreOptions>>().Value;
            return redis.IsConfigured ? await DoAsync(parsed, services, redis) : Outcome.Refused(
                "Redis:Connection is empty: such a hub keeps everything in its own memory, out of reach of other processes. " +
                "Set the Redis:Connection that the hub has.");
        }
        catch (Exception thrown) when (ConfigurationReport.MistakesIn(thrown) is { } mistakes)
        {
            return Outcome.Failed(CommandLine.ExitCode.Refused, "configuration", ConfigurationReport.Of(mistakes));
        }
    }

    private async Task<Outcome> DoAsync(ParseResult parsed, IServiceProvider services, RedisStoreOptions redis)
    {
        try
        {
            return await DoAsync(parsed, services);
        }
        catch (StoreUnavailableException away)
        {
            return Outcome.Failed(CommandLine.ExitCode.RedisAway, "store_unavailable", $"{away.Fault.At(redis.Hosts)} {TryingAgain}");
        }
    }
}
