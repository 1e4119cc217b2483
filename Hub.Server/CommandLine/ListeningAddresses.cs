namespace RealtimeHub.CommandLine;

/// <summary>Where the server would listen: <c>Urls</c>, and the endpoints of <c>Kestrel</c>.</summary>
internal static class ListeningAddresses
{
    /// <summary>The addresses that are none.</summary>
    public static IEnumerable<string> Mistakes(IConfiguration configuration) =>
        from setting in All(configuration)
        where Parse(setting.Url) is null
        select $"{setting.Key} has '{setting.Url}', which is no address to listen on, such as http://localhost:5080.";

    /// <summary>The addresses at which other machines can listen in.</summary>
    public static IEnumerable<(string Key, string Url)> InClearText(IConfiguration configuration) =>
        All(configuration).Where(setting => Parse(setting.Url) is { Scheme: "http", IsUnixPipe: false } address && !Loopback.IsHost(address.Host));

    private static IEnumerable<(string Key, string Url)> All(IConfiguration configuration) =>
        (configuration["Urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(url => ("Urls", url))
            .Concat(
                from endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren()
                where endpoint["Url"] is not null
                select ($"{endpoint.Path}:Url", endpoint["Url"]!));

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
