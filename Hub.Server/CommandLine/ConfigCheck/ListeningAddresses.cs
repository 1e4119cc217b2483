using System.Security.Cryptography.X509Certificates;
using RealtimeHub.Operations;

namespace RealtimeHub.CommandLine.ConfigCheck;

/// <summary>
/// Where the server would listen: <c>Urls</c>, as <see cref="Hosting.ListeningOrder"/> has decided, the endpoints of <c>Kestrel</c>, and
/// <c>Metrics:Urls</c>.
/// </summary>
internal static class ListeningAddresses
{
    /// <summary>The setting whose addresses have nothing but the metrics.</summary>
    public const string MetricsKey = "Metrics:Urls";

    /// <summary>The setting whose addresses have the dashboard. They are among <c>Urls</c> as well.</summary>
    private const string DashboardKey = "Dashboard:Urls";

    private const string Example = "such as http://localhost:5080";

    /// <summary>The extension by which ASP.NET Core recognises the certificate of <c>dotnet dev-certs https</c>.</summary>
    private const string DevelopmentCertificate = "1.3.6.1.4.1.311.84.1.1";

    /// <summary>The addresses on which nothing can listen, each with the reason.</summary>
    public static IEnumerable<string> Mistakes(IConfiguration configuration) =>
        from setting in All(configuration).Concat(UrlsIn(DashboardKey, configuration))
        let mistake = MistakeIn(setting.Url, setting.Key, configuration) ?? MistakeOfMetrics(setting.Url, setting.Key, configuration)
            ?? MistakeOfDashboard(setting.Url, setting.Key, configuration)
        where mistake is not null
        select $"{setting.Key} has '{setting.Url}', {mistake}.";

    /// <summary>The addresses whose traffic other machines could read.</summary>
    public static IEnumerable<(string Key, string Url)> InClearText(IConfiguration configuration) =>
        All(configuration)
            .Where(setting => Parse(setting.Url) is { Scheme: "http", IsUnixPipe: false } address && !Loopback.IsHost(address.Host));

    /// <summary>The addresses on which something can listen, as far as their text tells.</summary>
    public static IEnumerable<(string Key, BindingAddress Address)> Of(IConfiguration configuration) =>
        from setting in All(configuration)
        where MistakeIn(setting.Url, setting.Key, configuration) is null
        select (setting.Key, Parse(setting.Url)!);

    private static IEnumerable<(string Key, string Url)> All(IConfiguration configuration) =>
        UrlsIn("Urls", configuration).Concat(UrlsIn(MetricsKey, configuration))
            .Concat(configuration.GetSection("Kestrel:Endpoints").GetChildren().Select(endpoint => ($"{endpoint.Path}:Url", endpoint["Url"] ?? "")));

    private static IEnumerable<(string Key, string Url)> UrlsIn(string key, IConfiguration configuration) =>
        from url in (configuration[key] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        select (key, url);

    /// <remarks>
    /// At whichever of the machine's addresses: metrics and hub have no port in common, so that one can be opened without the other.
    /// </remarks>
    private static string? MistakeOfMetrics(string url, string key, IConfiguration configuration)
    {
        if (key != MetricsKey || Parse(url) is not { } metrics)
        {
            return null;
        }

        var isShared = All(configuration).Where(setting => setting.Key != MetricsKey).Select(setting => Parse(setting.Url)).Any(
            hub => hub is not null && (metrics.IsUnixPipe ? hub.Host == metrics.Host : metrics.Port != 0 && hub.Port == metrics.Port));
        return isShared ? "where clients come to the hub: give the metrics a port of their own, such as http://localhost:9464"
            : metrics.Scheme == "https" ? "but the metrics have no TLS of their own: let it end at a proxy, and take http"
            : null;
    }

    /// <remarks>What the dashboard listens at is among <c>Urls</c> once, unless clients come there as well.</remarks>
    private static string? MistakeOfDashboard(string url, string key, IConfiguration configuration)
    {
        if (key != DashboardKey || Parse(url) is not { } dashboard)
        {
            return null;
        }

        return UrlsIn("Urls", configuration).Count(other => Parse(other.Url)?.Port == dashboard.Port) switch
        {
            0 => "but the server listens where Kestrel:Endpoints says: set Urls in its place",
            1 => null,
            _ => "where clients come to the hub: give the dashboard a port of its own, such as http://localhost:9465",
        };
    }

    private static string? MistakeIn(string url, string key, IConfiguration configuration) => Parse(url) switch
    {
        null => $"which is no address to listen on, {Example}",
        { Scheme: not ("http" or "https") } => $"which is neither http nor https: take an address {Example}",
        { IsUnixPipe: true } => null,
        { Port: < 0 or > 65_535 } => "whose port is none: ports go from 1 to 65535",
        { Port: 0, Host: "localhost" } => "but a free port can be chosen for one address only: take http://127.0.0.1:0",
        { PathBase.Length: > 0 } => $"but a path is not listened on: take the address alone, {Example}",
        { Scheme: "https" } when !HasCertificate(key, configuration) =>
            "which needs a certificate: set Kestrel:Certificates:Default:Path and :Password (or :KeyPath), or let TLS end at a proxy and listen on http",
        _ => null,
    };

    private static bool HasCertificate(string key, IConfiguration configuration) =>
        configuration.GetSection("Kestrel:Certificates:Default").GetChildren().Any()
        || configuration.GetSection(key.Replace(":Url", "", StringComparison.Ordinal)).GetSection("Certificate").GetChildren().Any()
        || configuration.GetSection(key.Replace(":Url", "", StringComparison.Ordinal)).GetSection("Sni").GetChildren().Any()
        || HasDevelopmentCertificate();

    private static bool HasDevelopmentCertificate()
    {
        using var store = new X509Store(StoreName.My, StoreLocation.CurrentUser);
        store.Open(OpenFlags.ReadOnly);
        return store.Certificates.Any(certificate => certificate.HasPrivateKey
            && certificate.Extensions.Any(extension => extension.Oid?.Value == DevelopmentCertificate));
    }

    private static BindingAddress? Parse(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
