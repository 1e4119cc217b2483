using System.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace RealtimeHub.Hosting;

/// <summary>
/// Bounds how many connections Kestrel takes by how many files the process may open, unless <c>Kestrel:Limits</c> says how many.
/// </summary>
/// <remarks>
/// Without a bound, whoever opens connections enough leaves the node without a file for anybody else, Redis included, and nothing tells of
/// it. Three quarters are for WebSockets, which have shown a token, and one for all other connections, so that these cannot take the room
/// of the first. Kestrel warns when it turns one away.
/// </remarks>
internal sealed class ConnectionLimits(IConfiguration configuration) : IPostConfigureOptions<KestrelServerOptions>
{
    /// <summary>For what else the process has open: Redis, RabbitMQ, libraries, certificates, logs.</summary>
    private const int Reserve = 256;

    private const string Section = "Kestrel:Limits";

    public void PostConfigure(string? name, KestrelServerOptions options)
    {
        Read(options.Limits);
        if (OpenFiles.Limit() is not { } files)
        {
            return;
        }

        var quarter = Math.Max(Reserve, files - Reserve) / 4;
        options.Limits.MaxConcurrentConnections ??= quarter;
        options.Limits.MaxConcurrentUpgradedConnections ??= 3 * quarter;
    }

    /// <remarks>Kestrel reads its endpoints and certificates from its section by itself, but not this.</remarks>
    private void Read(KestrelServerLimits limits)
    {
        try
        {
            configuration.GetSection(Section).Bind(limits);
        }
        catch (Exception mistake) when (mistake is InvalidOperationException or TargetInvocationException)
        {
            var why = mistake is TargetInvocationException ? mistake.GetBaseException() : mistake;
            throw new OptionsValidationException(Section, typeof(KestrelServerLimits), [$"{Section} cannot be read: {why.Message}"]);
        }
    }
}
