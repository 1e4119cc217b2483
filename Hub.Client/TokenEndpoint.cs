using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace RealtimeHub.Client;

/// <summary>Tokens from your web application over HTTP.</summary>
public static class TokenEndpoint
{
    /// <summary>
    /// A token source that posts to <paramref name="url"/> and reads <c>{"token":"wstoken…","cursors":{…}}</c>, of which the cursors may be
    /// missing. An answer of 401 or 403 means that the user must sign in again. What identifies the user, a cookie or a header, is
    /// <paramref name="http"/>'s to send.
    /// </summary>
    public static TokenSource At(HttpClient http, Uri url)
    {
        ArgumentNullException.ThrowIfNull(http);
        ArgumentNullException.ThrowIfNull(url);
        return cancellationToken => FetchAsync(http, url, cancellationToken);
    }

    private static async Task<AccessToken> FetchAsync(HttpClient http, Uri url, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        using var response = await SendAsync(http, request, cancellationToken);
        if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden)
        {
            throw new SignInRequiredException();
        }

        return await ReadAsync(response, cancellationToken)
            ?? throw new ConnectionException($"The token endpoint answered with {(int)response.StatusCode} and no token.");
    }

    private static async Task<HttpResponseMessage> SendAsync(HttpClient http, HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await http.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException failure)
        {
            throw new ConnectionException("The token endpoint could not be reached.", failure);
        }
    }

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
