namespace RealtimeHub.Operations;

/// <summary>The host names and the path of the server. Its keys are at the top of the configuration.</summary>
internal sealed class SiteOptions
{
    /// <summary>
    /// The path before all others, such as <c>/realtime</c>: then the hub is at <c>/realtime/hub</c>. Empty, the default: none. Requests
    /// without it are answered as well, since a proxy may have removed it.
    /// </summary>
    public string PathBase { get; set; } = "";

    /// <summary>
    /// The host names under which the server answers, such as <c>hub.example.com</c> and <c>*.example.com</c>, besides IP addresses and
    /// <c>localhost</c>. Empty, the default: any name, except for the API's reference, which needs no key. <c>*</c>: any name for all
    /// paths.
    /// </summary>
    public IReadOnlyList<string> AllowedHosts { get; set; } = [];
}
