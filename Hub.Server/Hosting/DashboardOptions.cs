namespace RealtimeHub.Hosting;

/// <summary>Where the dashboard is. Section <c>Dashboard</c>.</summary>
internal sealed class DashboardOptions
{
    internal const string Section = "Dashboard";

    /// <summary>
    /// The addresses of <c>/dashboard/</c>, such as <c>http://localhost:9465</c>, separated by semicolons. None of them is where clients
    /// come. Default: none, and there is no dashboard.
    /// </summary>
    public string Urls { get; set; } = "";

    /// <summary>Whether there is one.</summary>
    internal bool IsThere => !string.IsNullOrWhiteSpace(Urls);

    /// <summary>The ports at which it is.</summary>
    internal IReadOnlySet<int> Ports =>
        Urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(BindingAddress.Parse).Select(address => address.Port).ToHashSet();
}
