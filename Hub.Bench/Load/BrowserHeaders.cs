namespace RealtimeHub.Bench.Load;

/// <summary>What a browser says on top when it opens a WebSocket: some 1.2 KB, and 1 KB of cookies.</summary>
/// <remarks>
/// Without an <c>Origin</c>, which names the port. What a browser sends by itself is some 500 bytes; the rest is what sites, proxies and
/// extensions add.
/// </remarks>
internal static class BrowserHeaders
{
    private const int CookieLength = 1_024;

    private const int Length = 1_229;

    private const string Own = "Pragma: no-cache\r\nCache-Control: no-cache\r\n"
        + "User-Agent: Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36\r\n"
        + "Accept-Encoding: gzip, deflate, br, zstd\r\nAccept-Language: en-GB,en;q=0.9,de;q=0.8,fr;q=0.7\r\n"
        + "X-Forwarded-For: 203.0.113.7, 198.51.100.4\r\nX-Forwarded-Proto: https\r\nX-Request-Id: 7f3c1a6e5b0d4c2f9e8a7b6c5d4e3f21\r\n";

    /// <summary>The lines, each with its end.</summary>
    public static string Text { get; } = $"{Own}{Padded("Traceparent-And-Others: ", Length - Own.Length)}{Padded("Cookie: session=", CookieLength)}";

    private static string Padded(string beginning, int length) => $"{beginning.PadRight(length - 2, 'x')}\r\n";
}
