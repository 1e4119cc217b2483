using System.Reflection;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;
using RealtimeHub.Operations;

namespace RealtimeHub.Hosting;

/// <summary>
/// Limits how many connections Kestrel accepts beside WebSockets, by the number of files that the process may open. <c>Kestrel:Limits</c>
/// overrides it.
/// </summary>
/// <remarks>
/// Without a limit, one client that opens enough connections uses up all files of the node. Then nobody else gets in, the connection to
/// Redis included, and nothing tells why. WebSockets have files of their own, so that what has shown no token cannot take their place; the
/// hub limits these before a token is spent, and Kestrel would after it. Kestrel warns when it refuses a connection.
/// </remarks>
internal sealed class ConnectionLimits(IConfiguration configuration) : IPostConfigureOptions<KestrelServerOptions>
{
    private const string Section = "Kestrel:Limits";

    public void PostConfigure(string? name, KestrelServerOptions options)
    {
        Read(options.Limits);
        options.Limits.MaxConcurrentConnections ??= OpenFiles.Quarter();
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
