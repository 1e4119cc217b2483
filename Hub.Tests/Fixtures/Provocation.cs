using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>Does to a hub what makes a server quote a secret, or what somebody else has written, in its log.</summary>
internal sealed class Provocation(Uri hub)
{
    /// <summary>What would begin a line, drive a terminal or turn the reading direction, if it came through as it is sent.</summary>
    public const string Forged = "\r\nFORGED\u001b[31m\u202e\u2028\u0085\u009b";

    private readonly HttpClient _http = new() { BaseAddress = hub };

    /// <summary>Everything that may stand in no log.</summary>
    public List<string> Secrets { get; } = [Node.ApiKey, "a key with a mistake in it", "c29tZWJvZHk6YSBwYXNzd29yZA=="];

    public async Task RunAsync()
    {
        await ShowTokensAsync();
        await ShowConnectionTokensAsync();
        await SendMalformedHeadersAsync();
        await SendForgeriesAsync();
    }

    private async Task ShowTokensAsync()
    {
        foreach (var spelling in (Func<string, string>[])
            [token => $"access_token={token}", token => $"%61ccess%5Ftoken={token}", token => $"access_token={Encoded(token)}", token => $"x={Encoded(token)}",
             token => $"access%255ftoken={Encoded(Encoded(token))}", token => $"ACCESS_TOKEN={token}&access_token=x", token => $"ws%5ftoken={token}"])
        {
            var token = await MintAsync();
            await GetAsync($"hub?{spelling(token)}");
            await GetAsync($"nowhere/{spelling(token)}");
            await GetAsync($"hub?{spelling(token)} BROKEN");
        }

        await GetAsync("hub", "Authorization: Bearer " + await MintAsync());
        await GetAsync("hub", "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: realtimehub, " + await MintAsync());
    }

    private async Task ShowConnectionTokensAsync()
    {
        var answer = await (await _http.PostAsync($"hub/negotiate?negotiateVersion=1&access_token={await MintAsync()}", null)).Content.ReadFromJsonAsync<JsonElement>();
        var (connection, grant) = (answer.GetProperty("connectionToken").GetString()!, answer.GetProperty("accessToken").GetString()!);
        Secrets.AddRange(connection, grant);
        await GetAsync($"hub?id={connection}&access_token={grant}");
        foreach (var query in (string[])[$"id={connection}", $"%69d={connection}", $"i%64={Encoded(connection)}", $"ID={connection}&id={connection}", $"x=1&id={connection} BROKEN"])
        {
            await GetAsync($"hub?{query}", "Authorization: Bearer " + grant);
        }

        using var end = new HttpRequestMessage(HttpMethod.Delete, $"hub?id={connection}");
        end.Headers.TryAddWithoutValidation("Authorization", "Bearer " + grant);
        await _http.SendAsync(end);
    }

    private async Task SendMalformedHeadersAsync()
    {
        foreach (var header in (string[])
            [$"X-Api-Key: {Node.ApiKey}\u0001", $"X-Api-Key : {Node.ApiKey}", $"X-Api-Key {Node.ApiKey}", $" X-Api-Key: {Node.ApiKey}", $"X-Api-Key\t: {Node.ApiKey}", $"X-Api-K\u0001ey: {Node.ApiKey}",
             $"X-Api-Key: {Node.ApiKey}\rx", "X-Api-Key: a key with a mistake in it", $"Authorization: ApiKey {Node.ApiKey}", $"Authorization : ApiKey {Node.ApiKey}", "Authorization: Basic c29tZWJvZHk6YSBwYXNzd29yZA==\u0001",
             "Authorization : Bearer " + await MintAsync(), "Authorization Bearer " + await MintAsync()])
        {
            await GetAsync("api/everyone/messages", header);
        }

        await GetAsync($"api?api_key={Encoded(Node.ApiKey)}&apikey={Encoded(Node.ApiKey)}");
    }

    private async Task SendForgeriesAsync()
    {
        await GetAsync($"nowhere/{Encoded(Forged)}?{Encoded(Forged)}");
        await GetAsync("hub", "Origin: https://evil.example\u202e\u2028\u0085\u009b[31m");
        await GetAsync("hub", "Origin: \u001b[31mFORGED");
        await GetAsync($"hub\u001b[31m?\u009b");
        foreach (var body in (object[])
            [new Dictionary<string, object> { [Forged] = 1 }, new { type = Forged, payload = Forged },
                new { type = "x", payload = 1, idempotencyKey = Forged }])
        {
            await _http.SendAsync(Node.Api("api/everyone/messages", body));
            await _http.SendAsync(Node.Api($"api/users/{Encoded(Forged)}/messages", body));
        }

        await _http.SendAsync(Node.Api("api/tokens", new { sub = Forged, name = Forged }));
    }

    private async Task<string> MintAsync()
    {
        var answer = await (await _http.SendAsync(Node.Api("api/tokens", new { sub = "alice" }))).Content.ReadFromJsonAsync<JsonElement>();
        var token = answer.GetProperty("token").GetString()!;
        Secrets.Add(token["wstoken".Length..]);
        return token;
    }

    /// <summary>Sends a request as it stands, which no client library would, and reads the answer.</summary>
    private async Task GetAsync(string target, string? header = null)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(hub.Host, hub.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"GET /{target} HTTP/1.1\r\nHost: {hub.Authority}\r\n{header}{(header is null ? "" : "\r\n")}Connection: close\r\n\r\n"));
        var answer = new byte[1024];
        _ = await stream.ReadAsync(answer);
    }

    private static string Encoded(string text) =>
        string.Concat(Encoding.UTF8.GetBytes(text).Select((code, index) => index % 2 == 0 ? $"%{code:X2}" : $"%{code:x2}"));
}
