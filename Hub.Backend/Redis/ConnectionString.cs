using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace RealtimeHub.Redis;

/// <summary>Reads <c>Redis:Connection</c> in either spelling. What may be a piece of a password is never taken for a host.</summary>
internal static partial class ConnectionString
{
    /// <summary>
    /// Defaults unless the string says otherwise: each server's role is checked every two seconds, and the library uses neither a key nor a
    /// channel of its own, which our smallest ACL would not permit.
    /// </summary>
    private const string Defaults = "configCheckSeconds=2,tiebreaker=,configChannel=,";

    private const string Spellings = "It is redis://user:password@host:6379/0, rediss:// for TLS, or host:6379,user=…,password=… as StackExchange.Redis has it.";

    /// <exception cref="FormatException">A sentence that repeats nothing of the text.</exception>
    public static ConfigurationOptions Parse(string text)
    {
        var configuration = text.Contains("://", StringComparison.Ordinal) ? ParseAddress(text.Trim()) : ParseList(text);
        if (configuration.EndPoints.Count == 0 || !configuration.EndPoints.All(IsPlausible))
        {
            throw new FormatException($"Redis:Connection names no host, or something that is none. {Spellings}");
        }

        // A password without password= in front looks like one more host.
        return configuration.EndPoints.Count == 1 || configuration.EndPoints.All(HasPort) ? configuration : throw new FormatException(
            "Redis:Connection names several hosts, and one of them without its port: host:6379,other:6379. Or is it a password that is meant? Then it is password=….");
    }

    private static ConfigurationOptions ParseAddress(string text)
    {
        var address = Address().Match(text);
        var port = address.Groups["port"] is { Success: true } given ? int.Parse(given.ValueSpan, CultureInfo.InvariantCulture) : 6379;
        if (!address.Success || port > IPEndPoint.MaxPort || (address.Groups["user"].Length > 0 && !address.Groups["password"].Success))
        {
            throw new FormatException($"Redis:Connection is an address that cannot be read. {Spellings}");
        }

        var host = address.Groups["host"].Value;
        var configuration =
            ParseOptions(string.Join(',', address.Groups["option"].Captures.Select(option => Uri.UnescapeDataString(option.Value))));
        configuration.EndPoints.Add(host, port);
        configuration.Ssl = address.Groups["tls"].Success;
        configuration.SslHost ??= configuration.Ssl ? host : null;
        configuration.User = Part("user") ?? configuration.User;
        configuration.Password = Part("password") ?? configuration.Password;
        configuration.DefaultDatabase = Part("database") is { } database
            ? int.Parse(database, CultureInfo.InvariantCulture)
            : configuration.DefaultDatabase;
        return configuration;

        string? Part(string name) => address.Groups[name].Value is { Length: > 0 } part ? Uri.UnescapeDataString(part) : null;
    }

    private static ConfigurationOptions ParseList(string text)
    {
        // The part behind a comma in a password looks like a host that stands behind the options, where nobody writes one.
        var parts = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return parts.SkipWhile(part => !part.Contains('=')).Any(part => !part.Contains('='))
            ? throw new FormatException(
                "Redis:Connection has something behind its options that is none. Hosts stand before them; a password with a comma stands in redis://user:password@host:6379.")
            : ParseOptions(text);
    }

    private static ConfigurationOptions ParseOptions(string text)
    {
        try
        {
            return ConfigurationOptions.Parse(Defaults + text);
        }
        catch (ArgumentException)
        {
            // What it says repeats what it could not read.
            throw new FormatException($"Redis:Connection has an option that StackExchange.Redis does not have, or has with other values. {Spellings}");
        }
    }

    private static bool IsPlausible(EndPoint endPoint) => endPoint is not DnsEndPoint dns || HostName().IsMatch(dns.Host);

    private static bool HasPort(EndPoint endPoint) => endPoint is not DnsEndPoint { Port: 0 };

    // The password ends at the last @, so that one with an @ in it is understood without percent-encoding.
    [GeneratedRegex(
        @"^redis(?<tls>s)?://(?:(?<user>[^:@/?#]*)(?::(?<password>.*))?@)?(?<host>[\w.-]+|\[[0-9a-f:.]+\])(?::(?<port>\d{1,5}))?(?:/(?<database>\d{1,4})?)?(?:\?(?<option>[^&=,@]+=[^&,@]*)(?:&(?<option>[^&=,@]+=[^&,@]*))*)?$",
        RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant)]
    private static partial Regex Address();

    [GeneratedRegex(@"^[\w.-]+$")]
    private static partial Regex HostName();
}
