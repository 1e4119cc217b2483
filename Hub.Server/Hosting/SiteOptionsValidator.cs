using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using RealtimeHub.Operations;

namespace RealtimeHub.Hosting;

internal sealed partial class SiteOptionsValidator : IValidateOptions<SiteOptions>
{
    public ValidateOptionsResult Validate(string? name, SiteOptions options)
    {
        string[] mistakes = [.. OfPathBase(options.PathBase), .. options.AllowedHosts.Where(host => !IsHost(host)).Select(OfHost)];
        return mistakes.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(mistakes);
    }

    private static IEnumerable<string> OfPathBase(string path) => path.Length == 0 || PathBase().IsMatch(path)
        ? []
        : [$"PathBase is '{path}': write it as it stands in the address, such as /realtime: a slash first and none at the end, of letters, digits and - . _ ~."];

    private static string OfHost(string host) =>
        $"AllowedHosts has '{host}', which is no name of a host. Write names alone, separated by semicolons: hub.example.com;*.example.org, without scheme, port or path.";

    private static bool IsHost(string host) =>
        host == "*" || Uri.CheckHostName(host.StartsWith("*.", StringComparison.Ordinal) ? host[2..] : host) != UriHostNameType.Unknown;

    [GeneratedRegex(@"^(/(?!\.{1,2}(/|$))[\w.~-]+)+$", RegexOptions.ECMAScript)]
    private static partial Regex PathBase();
}
