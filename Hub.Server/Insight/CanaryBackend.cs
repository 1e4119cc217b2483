using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using RealtimeHub.Tokens;

namespace RealtimeHub.Insight;

/// <summary>A backend that uses the HTTP API of its own node, as long as it has one.</summary>
internal sealed class CanaryBackend(OwnSocket way, CanaryKey key)
{
    private const string KeyHeader = "X-Api-Key";

    private volatile bool _isRefused;

    /// <summary>Mints a token for a user who is in the group of the same name.</summary>
    /// <returns>Null if there is no HTTP API.</returns>
    public async Task<AccessToken?> TryMintAsync(string user, CancellationToken cancellation)
    {
        var answer = await TryPostAsync(
            "api/tokens", new JsonObject { ["sub"] = user, ["groups"] = new JsonArray(JsonValue.Create(user)) }, cancellation);
        return answer is null ? null
            : AccessToken.TryParse((string?)answer["token"], out var token) ? token
            : throw new InvalidOperationException("The node has answered no token.");
    }

    /// <summary>Publishes a message to a user or to a group.</summary>
    /// <returns>False if there is no HTTP API.</returns>
    public async Task<bool> TryPublishAsync(string addressPath, JsonObject message, CancellationToken cancellation) =>
        await TryPostAsync($"api/{addressPath}/messages", message, cancellation) is not null;

    /// <summary>Publishes a batch.</summary>
    /// <returns>False if there is no HTTP API.</returns>
    public async Task<bool> TryPublishAsync(IEnumerable<JsonNode> batch, CancellationToken cancellation) =>
        await TryPostAsync("api/messages", new JsonObject { ["messages"] = new JsonArray([.. batch]) }, cancellation) is not null;

    private async Task<JsonNode?> TryPostAsync(string path, JsonObject body, CancellationToken cancellation)
    {
        if (_isRefused)
        {
            return null;
        }

        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(way.Address, path));
        request.Headers.Add(KeyHeader, key.Reveal());
        request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        using var response = await way.Invoker.SendAsync(request, cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        if (response.IsSuccessStatusCode)
        {
            return JsonNode.Parse(text);
        }

        _isRefused = response.StatusCode == HttpStatusCode.NotFound;
        return _isRefused ? null : throw new InvalidOperationException($"The node answers /{path} with {(int)response.StatusCode}: {text}");
    }
}
