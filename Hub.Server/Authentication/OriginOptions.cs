namespace RealtimeHub.Authentication;

/// <summary>Which web pages may connect. Section <c>Origins</c>.</summary>
public sealed class OriginOptions
{
    internal const string Section = "Origins";

    /// <summary>
    /// Origins beside the hub's own host, each exactly as a browser sends it: <c>https://app.example.com</c>, with the port if it is
    /// not the scheme's, in lower case and punycode; <c>capacitor://localhost</c>, <c>chrome-extension://&lt;id&gt;</c> and the like; or
    /// <c>null</c>, which any page can have from a sandboxed frame. No wildcards. Default: none.
    /// </summary>
    public IList<string> Allowed { get; } = [];
}
