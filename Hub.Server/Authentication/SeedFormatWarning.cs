using Microsoft.Extensions.Options;
using RealtimeHub.Tokens;

namespace RealtimeHub.Authentication;

/// <summary>Warns at start that tokens in the seed format are less safe, and why.</summary>
internal sealed partial class SeedFormatWarning(IOptions<TokenOptions> options, ILogger<SeedFormatWarning> logger) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.AcceptSeedFormat)
        {
            Log.SeedFormatAccepted(logger);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning,
            "Tokens:AcceptSeedFormat is on. Such tokens stand in Redis as they are, so who reads it can connect; unspent ones stay there for ever; and when they expire "
            + "can be guessed and rests on the clocks of site and hub. Turn it off once the site mints as docs/protocol.md says under Tokens.",
            EventName = "SeedFormatAccepted")]
        public static partial void SeedFormatAccepted(ILogger logger);
    }
}
