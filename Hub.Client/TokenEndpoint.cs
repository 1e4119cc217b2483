using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace RealtimeHub.Client;

/// <summary>Gets tokens from your web application over HTTP.</summary>
public static class TokenEndpoint
{
    /// <summary>
    /// A token source that posts to <paramref name="url"/> and reads <c>{"token":"wstoken…","cursors":{…}}</c>; the cursors may be missing.
    /// An answer of 401 or 403, or a redirect to a page, means that the user must sign in again.
    /// </summary>
    /// <param name="http">Sends the cookies and headers that identify the user.</param>
    /// <param name="url">The endpoint, such as that of <c>MapHubToken()</c>.</param>
    /// <param name="prepare">
    /// Called with each request before it is sent, to add what changes, such as a refreshed bearer token or a header against forged
    /// requests.
    /// </param>
    public static TokenSource At(HttpClient http, Uri url, Func<HttpRequestMessage, CancellationToken, Task>? prepare = null)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(url);
        return cancellationToken => FetchAsync(http, url, prepare, cancellationToken);
    }

    private static async Task<AccessToken> FetchAsync(
        HttpClient http, Uri url, Func<HttpRequestMessage, CancellationToken, Task>? prepare, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        await (prepare?.Invoke(request, cancellationToken) ?? Task.CompletedTask);
        using var response = await SendAsync(http, request, cancellationToken);
        var asked = http.BaseAddress is { } host ? new Uri(host, url) : url;
        if (AsksToSignIn(response, asked))
        {
            throw new SignInRequiredException();
        }

        return await ReadAsync(response, cancellationToken) ?? throw new ConnectionException(Mistake(response, Diagnosis.ShownUrl(asked)));
    }

    private static async Task<HttpResponseMessage> SendAsync(
        HttpClient http, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException failure)
        {
            throw new ConnectionException($"The token endpoint could not be reached. {Diagnosis.Of(request.RequestUri!, failure).Message}", failure);
        }
    }

    /// <summary>
    /// A web app that wants a sign-in answers with a status or a redirect. If the redirect was followed, the answer is the page to sign in.
    /// </summary>
    private static bool AsksToSignIn(HttpResponseMessage response, Uri asked) => response.StatusCode
        is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden or HttpStatusCode.Found or HttpStatusCode.SeeOther
        || (IsPage(response) && (int)response.StatusCode < 500 && response.RequestMessage?.RequestUri != asked);

    private static bool IsPage(HttpResponseMessage response) => response.Content.Headers.ContentType?.MediaType == "text/html";

    private static string Mistake(HttpResponseMessage response, string address) => response.StatusCode switch
    {
        HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed =>
            $"There is no token endpoint at {address}: a POST is answered with {(int)response.StatusCode}. Is the path right? That of MapHubToken() is /hub-token.",
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest =>
            $"The token endpoint {address} redirects. Give the URL that it redirects to.",
        _ when IsPage(response) => $"A page answered at {address} with {(int)response.StatusCode} instead of a token. Is the path right?",
        _ => $"The token endpoint {address} answered with {(int)response.StatusCode} and no token. It is to answer 200 with {{\"token\":\"wstoken…\"}}.",
    };

    private static async Task<AccessToken?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (!response.IsSuccessStatusCode)
        {
            return null;
        }

        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        try
        {
            return (await JsonSerializer.DeserializeAsync(body, ClientJson.Default.TokenAnswer, cancellationToken))?.AsToken();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
