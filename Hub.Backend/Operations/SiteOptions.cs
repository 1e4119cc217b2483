namespace RealtimeHub.Operations;

/// <summary>Under which names and which path the server is found. Keys at the top of the configuration.</summary>
internal sealed class SiteOptions
{
    /// <summary>
    /// The path that everything lies under, such as <c>/realtime</c>, with the hub at <c>/realtime/hub</c>; empty, as by default, is the
    /// root. A request without it is answered as well, since a proxy may have taken it off.
    /// </summary>
    public string PathBase { get; set; } = "";

    /// <summary>
    /// The names that the server answers to, as in <c>hub.example.com</c> and <c>*.example.com</c>, beside addresses and those of the
    /// machine itself. Empty, as by default, or <c>*</c>: any, but for pages that ask for neither token nor key.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; set; } = [];
}
