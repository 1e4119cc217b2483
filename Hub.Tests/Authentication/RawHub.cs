using System.Net.Http.Json;
using System.Text.Json;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Authentication;

/// <summary>Speaks to a hub request by request, as an attacker would: what is said goes out as it was written.</summary>
internal sealed class RawHub(HttpClient http, string path = "hub")
{
    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    public RawHub(Node node)
        : this(node.Client)
    {
    }

    public async Task<HttpResponseMessage> NegotiateAsync(string? credential, params (string Name, string Value)[] headers) =>
        await NegotiateAsync(credential, query: "", headers);

    public async Task<HttpResponseMessage> NegotiateAsync(string? credential, string query, params (string Name, string Value)[] headers) =>
        await SendAsync(HttpMethod.Post, $"{path}/negotiate?negotiateVersion=1{query}", credential, headers);

    /// <summary>Negotiates, and reads the connection token and the grant from the answer.</summary>
    public async Task<(string ConnectionToken, string Grant)> NegotiatedAsync(string credential, string query = "")
    {
        var answer = await (await NegotiateAsync(credential, query)).EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>();
        return (answer.GetProperty("connectionToken").GetString()!, answer.GetProperty("accessToken").GetString()!);
    }

    /// <summary>A WebSocket handshake; the answer is 101 if the client is let in.</summary>
    public async Task<HttpResponseMessage> UpgradeAsync(string query, params (string Name, string Value)[] headers) =>
        await SendAsync(HttpMethod.Get, $"{path}?{query}", null,
        [
            ("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
            .. headers,
        ]);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string target, string? credential, params (string Name, string Value)[] headers)
    {
        var request = Request(method, target);
        if (credential is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {credential}");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (method == HttpMethod.Post)
        {
            request.Content = new StringContent("");
        }

        return await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Opens a negotiated long-polling connection: the first poll, the handshake, and then whatever the hub answers.</summary>
    /// <remarks>
    /// The handshake is answered before the connection has opened. An invocation is answered after, and an unknown one with an error.
    /// </remarks>
    public async Task OpenAsync(string connectionToken, string credential)
    {
        (await PollAsync(connectionToken, credential)).EnsureSuccessStatusCode();
        (await PostAsync(connectionToken, credential, "{\"protocol\":\"json\",\"version\":1}\u001e")).EnsureSuccessStatusCode();
        (await PostAsync(connectionToken, credential, "{\"type\":1,\"invocationId\":\"1\",\"target\":\"Attached\",\"arguments\":[]}\u001e")).EnsureSuccessStatusCode();
        while (!(await ReadAsync(connectionToken, credential)).Contains("\"invocationId\":\"1\"", StringComparison.Ordinal))
        {
        }
    }

    private async Task<string> ReadAsync(string connectionToken, string credential)
    {
        var answer = await PollAsync(connectionToken, credential);
        answer.StatusCode.Should().Be(System.Net.HttpStatusCode.OK, "the connection must not end before it has opened");
        return await answer.Content.ReadAsStringAsync();
    }

    public Task<HttpResponseMessage> PollAsync(string connectionToken, string? credential) =>
        SendAsync(HttpMethod.Get, $"{path}?id={connectionToken}", credential);

    public Task<HttpResponseMessage> DeleteAsync(string connectionToken, string? credential) =>
        SendAsync(HttpMethod.Delete, $"{path}?id={connectionToken}", credential);

    public async Task<HttpResponseMessage> PostAsync(string connectionToken, string? credential, string body)
    {
        var request = Request(HttpMethod.Post, $"{path}?id={connectionToken}");
        request.Content = new StringContent(body);
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {credential}");
        return await http.SendAsync(request);
    }

    private HttpRequestMessage Request(HttpMethod method, string target) => new(method, new Uri(http.BaseAddress! + target, AsWritten))
    {
        Version = http.DefaultRequestVersion,
        VersionPolicy = http.DefaultVersionPolicy,
    };
}
