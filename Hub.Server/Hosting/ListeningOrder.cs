using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.EnvironmentVariables;

namespace RealtimeHub.Hosting;

/// <summary>Decides which of the settings that everybody knows says where to listen.</summary>
internal static class ListeningOrder
{
    private const string Default = "http://localhost:5080";
    private const string Urls = "urls";

    private static readonly (string Key, string Scheme)[] Ports = [("http_ports", "http"), ("https_ports", "https")];

    /// <summary>
    /// The command line, then the environment (<c>Urls</c>, <c>DOTNET_URLS</c>, <c>ASPNETCORE_URLS</c>), then files; in each of them
    /// addresses before ports (<c>HTTP_PORTS</c>, <c>HTTPS_PORTS</c>). With none of them, and no endpoint of Kestrel's own:
    /// <c>http://localhost:5080</c>.
    /// </summary>
    /// <remarks>
    /// ASP.NET Core would let <c>Urls</c> in a file win over <c>ASPNETCORE_URLS</c>, and any of both over ports, without a word.
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
            // What is overruled is emptied, because ASP.NET Core warns of it.
            configuration.AddInMemoryCollection(
                Ports.Select(port => KeyValuePair.Create(port.Key, (string?)"")).Append(new(Urls, urls ?? Default)));
        }
    }

    /// <summary>What settings of one rank say, ports as addresses; null if they say nothing.</summary>
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
