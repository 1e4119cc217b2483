using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using RealtimeHub.Operations.Redaction;

namespace RealtimeHub.CommandLine;

/// <summary>Says in a sentence why the program could not start, and what to do. Operators should not have to read a stack trace.</summary>
internal static class StartFault
{
    public static string Describe(Exception thrown)
    {
        var causes = CausesOf(thrown).ToList();
        return LogText.Line($"Nothing was started: {string.Join(": ", causes.Select(cause => cause.Message.Trim().TrimEnd('.')).Distinct())}. {AdviceFor(causes)}".TrimEnd());
    }

    private static string AdviceFor(List<Exception> causes) => causes switch
    {
        _ when causes.Any(
            cause => cause is AddressInUseException or SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse }) =>
            "Something listens there already, another hub perhaps (ss --listening --tcp --processes): stop it, or set another address in Urls, or for the metrics in Metrics:Urls.",
        _ when causes.Any(cause => cause is SocketException { SocketErrorCode: SocketError.AccessDenied }) =>
            "Ports below 1024 are for root and for who has CAP_NET_BIND_SERVICE: set another port in Urls, or for the metrics in Metrics:Urls.",
        _ when causes.Any(cause => cause is SocketException { SocketErrorCode: SocketError.AddressNotAvailable }) =>
            "This machine has no such address: set one that it has in Urls, or for the metrics in Metrics:Urls.",
        _ when causes.Any(cause => cause.Message.Contains("inotify", StringComparison.Ordinal)) =>
            "Raise fs.inotify.max_user_instances (sysctl), or set DOTNET_USE_POLLING_FILE_WATCHER=1, so that files are looked at instead of listened to.",
        _ when causes.Any(cause => cause.Message.Contains("certificate", StringComparison.OrdinalIgnoreCase)) =>
            "Set Kestrel:Certificates:Default:Path and :Password (or :KeyPath), or let TLS end at a proxy and listen on http.",
        _ when causes.Any(cause => cause is UnauthorizedAccessException) => "Let the user that the hub runs as read it.",
        _ => "",
    };

    private static IEnumerable<Exception> CausesOf(Exception thrown) => thrown is AggregateException several
        ? several.InnerExceptions.SelectMany(CausesOf)
        : (thrown.InnerException is { } inner ? CausesOf(inner) : []).Prepend(thrown);
}
