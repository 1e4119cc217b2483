using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace RealtimeHub.Hosting;

/// <summary>Decides which of ASP.NET Core's settings for the address to listen on wins.</summary>
internal static class ListeningOrder
{
    private const string Default = "http://localhost:5080";
    private const string Urls = "urls";
    private const string Dashboard = $"{DashboardOptions.Section}:{nameof(DashboardOptions.Urls)}";

    private static readonly (string Key, string Scheme)[] Ports = [("http_ports", "http"), ("https_ports", "https")];

    /// <summary>
    /// The command line, then the environment (<c>Urls</c>, <c>DOTNET_URLS</c>, <c>ASPNETCORE_URLS</c>), then files; in each of them
    /// addresses before ports (<c>HTTP_PORTS</c>, <c>HTTPS_PORTS</c>). With none of them, and no endpoint of Kestrel's own:
    /// <c>http://localhost:5080</c>.
    /// </summary>
    /// <remarks>
    /// In ASP.NET Core itself, <c>Urls</c> in a file silently wins over <c>ASPNETCORE_URLS</c>, and both win over ports.
    /// </remarks>
    public static void DecideWhereToListen(this ConfigurationManager configuration)
    {
        var providers = ((IConfigurationRoot)configuration).Providers.Reverse().ToList();
        IEnumerable<IConfigurationProvider>[] ranks =
        [
            providers.OfType<CommandLineConfigurationProvider>(),
            providers.OfType<EnvironmentVariablesConfigurationProvider>(),
            providers.Where(provider => provider is not (CommandLineConfigurationProvider or EnvironmentVariablesConfigurationProvider)),
        ];
        var urls = ranks.Select(rank => UrlsIn([.. rank])).FirstOrDefault(said => said is not null);
        if (urls is not null || !configuration.GetSection("Kestrel:Endpoints").GetChildren().Any())
        {
            // The settings that lose are emptied, because ASP.NET Core would warn about them.
            // The dashboard is at addresses of its own, where the same server listens.
            var all = string.Join(';', (string[])[urls ?? Default, configuration[Dashboard] ?? ""]).Trim(';');
            configuration.AddInMemoryCollection(Ports.Select(port => KeyValuePair.Create(port.Key, (string?)"")).Append(new(Urls, all)));
        }
    }

    /// <summary>The addresses that the settings of one source name, ports included; null if they name none.</summary>
    private static string? UrlsIn(IReadOnlyList<IConfigurationProvider> rank) =>
        ValueIn(rank, Urls) ?? (PortsIn(rank).ToList() is { Count: > 0 } ports ? string.Join(';', ports) : null);

    private static IEnumerable<string> PortsIn(IReadOnlyList<IConfigurationProvider> rank) =>
        from setting in Ports
        from port in (ValueIn(rank, setting.Key) ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        select $"{setting.Scheme}://*:{port}";

    private static string? ValueIn(IEnumerable<IConfigurationProvider> rank, string key) =>
        rank.Select(provider => provider.TryGet(key, out var value) ? value : null)
            .FirstOrDefault(value => !string.IsNullOrWhiteSpace(value));
}
