namespace RealtimeHub.Authentication;

/// <summary>Which web pages may connect. Section <c>Origins</c>.</summary>
public sealed class OriginOptions
{
    internal const string Section = "Origins";

    /// <summary>
    /// Origins besides the hub's own host, each exactly as a browser sends it: <c>https://app.example.com</c>, in lower case and punycode,
    /// with the port unless it is the default of the scheme. Also <c>capacitor://localhost</c>, <c>chrome-extension://&lt;id&gt;</c> and
    /// similar, and <c>null</c>, which any page can have in a sandboxed frame. No wildcards. Default: none.
    /// </summary>
    public IList<string> Allowed { get; } = [];
}
