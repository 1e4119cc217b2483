using System.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace RealtimeHub.Hosting;

/// <summary>
/// Limits how many connections Kestrel accepts, by the number of files that the process may open. <c>Kestrel:Limits</c> overrides it.
/// </summary>
/// <remarks>
/// Without a limit, one client that opens enough connections uses up all files of the node. Then nobody else gets in, the connection to
/// Redis included, and nothing tells why. Three quarters are for WebSockets, which have shown a token, and one quarter for all other
/// connections, so that these cannot take the place of WebSockets. Kestrel warns when it refuses a connection.
/// </remarks>
internal sealed class ConnectionLimits(IConfiguration configuration) : IPostConfigureOptions<KestrelServerOptions>
{
    /// <summary>Files kept for everything else that the process has open: Redis, RabbitMQ, libraries, certificates, logs.</summary>
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

    /// <remarks>Kestrel reads its endpoints and certificates from the section by itself, but not its limits.</remarks>
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
