using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RealtimeHub.CommandLine.Probe;
using RealtimeHub.Ingress.Http.Keys;

namespace RealtimeHub.CommandLine;

/// <summary>The HTTP API of a hub that runs somewhere, as a command asks it.</summary>
/// <param name="address">The hub's.</param>
/// <param name="key">The backend's key; null shows none.</param>
internal sealed class HubApi(Uri address, string? key) : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = Deadline };

    /// <summary>Whether the node is ready, and what each of its checks says. It needs no key.</summary>
    /// <exception cref="HubApiException">The hub does not answer, or what answers is none.</exception>
    public Task<JsonElement> HealthAsync() => AskAsync("health/ready", isRefusal: _ => false);

    /// <summary>Asks for what is below <c>/api</c>.</summary>
    /// <exception cref="HubApiException">The hub refuses, or does not answer, or what answers is none.</exception>
    public async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type)
    {
        var told = await AskAsync($"api/{path}", answer => !answer.IsSuccessStatusCode);
        try
        {
            return told.Deserialize(type)!;
        }
        catch (JsonException)
        {
            throw HubApiException.NoHub(address, HttpStatusCode.OK);
        }
    }

    /// <summary>Connects as a user, with a token that is minted for it. The key needs the scope <c>mint</c>.</summary>
    /// <param name="user">The user.</param>
    /// <param name="received">Called with the payload of each message, one after the other.</param>
    /// <exception cref="HubApiException">The hub refuses, or does not answer, or what answers is none.</exception>
    public async Task<ProbeClient> ConnectAsync(string user, Action<JsonElement> received)
    {
        var minted = await SendAsync("api/tokens", new { sub = user });
        return await ProbeClient.ConnectAsync(address, minted.GetProperty("token").GetString()!, received);
    }

    /// <summary>Publishes a transient message to a user. The key needs the scope <c>publish</c>.</summary>
    /// <exception cref="HubApiException">The hub refuses, or does not answer, or what answers is none.</exception>
    public Task PublishAsync(string user, object payload) =>
        SendAsync($"api/users/{Uri.EscapeDataString(user)}/messages", new { type = "probe", payload, transient = true });

    /// <summary>Asks for what comes line by line below <c>/api</c>, for as long as it comes. Empty lines are signs of life.</summary>
    /// <exception cref="HubApiException">The hub refuses, or does not answer, or falls silent, or what answers is none.</exception>
    public async IAsyncEnumerable<string> LinesAsync(string path)
    {
        using var answer = await BeginAsync($"api/{path}");
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        while (await NextAsync(lines) is { } line)
        {
            if (line.Length > 0)
            {
                yield return line;
            }
        }
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> BeginAsync(string path)
    {
        try
        {
            using var request = RequestFor(path);
            var answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return answer.IsSuccessStatusCode ? answer : throw HubApiException.Refused(await JsonInAsync(answer));
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException)
        {
            throw HubApiException.Silent(address, ReasonOf(silent));
        }
    }

    /// <summary>The next line; null at the end. The hub says something at least every ten seconds.</summary>
    private async Task<string?> NextAsync(StreamReader lines)
    {
        try
        {
            using var deadline = new CancellationTokenSource(2 * Deadline);
            return await lines.ReadLineAsync(deadline.Token);
        }
        catch (Exception silent) when (silent is HttpRequestException or IOException or OperationCanceledException)
        {
            throw HubApiException.Silent(address, ReasonOf(silent));
        }
    }

    private Task<JsonElement> AskAsync(string path, Predicate<HttpResponseMessage> isRefusal) => AskAsync(RequestFor(path), isRefusal);

    private Task<JsonElement> SendAsync(string path, object body)
    {
        var request = RequestFor(path);
        (request.Method, request.Content) = (HttpMethod.Post, JsonContent.Create(body));
        return AskAsync(request, answer => !answer.IsSuccessStatusCode);
    }

    private async Task<JsonElement> AskAsync(HttpRequestMessage asked, Predicate<HttpResponseMessage> isRefusal)
    {
        using var request = asked;
        try
        {
            using var answer = await _http.SendAsync(request);
            var told = await JsonInAsync(answer);
            return isRefusal(answer) ? throw HubApiException.Refused(told) : told;
        }
        catch (Exception silent) when (silent is HttpRequestException or OperationCanceledException)
        {
            throw HubApiException.Silent(address, ReasonOf(silent));
        }
    }

    private HttpRequestMessage RequestFor(string path)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(address, path));
        request.Headers.TryAddWithoutValidation(ApiKeyDefaults.Header, key);
        return request;
    }

    private async Task<JsonElement> JsonInAsync(HttpResponseMessage answer)
    {
        try
        {
            var told = await answer.Content.ReadFromJsonAsync<JsonElement>();
            return told.ValueKind == JsonValueKind.Object ? told : throw HubApiException.NoHub(address, answer.StatusCode);
        }
        catch (Exception unreadable) when (unreadable is JsonException or NotSupportedException or InvalidOperationException)
        {
            throw HubApiException.NoHub(address, answer.StatusCode);
        }
    }

    private static string ReasonOf(Exception silent) => silent switch
    {
        OperationCanceledException => $"nothing has come within {Deadline.TotalSeconds} seconds",
        { InnerException: SocketException socket } => socket.Message,
        _ => silent.Message,
    };
}
