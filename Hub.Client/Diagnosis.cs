using System.Net;

namespace RealtimeHub.Client;

/// <summary>Says why a request had no answer of the hub or the token endpoint, and what to do about it.</summary>
internal static class Diagnosis
{
    private const string Negotiate = "/negotiate";
    private const string IsThePathRight = "Is the path right? It is /hub, unless the hub's host maps it elsewhere.";

    /// <summary>Where a request went, without what may be secret in its URL.</summary>
    public static string ShownUrl(Uri url) => Server(url) + url.AbsolutePath;

    /// <summary>The request got no answer at all.</summary>
    public static ConnectionException Of(Uri url, HttpRequestException failure) => failure.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => OnEveryTransport($"There is no host named '{url.Host}'. Is the name in the URL right?", failure),
        HttpRequestError.ConnectionError => OnEveryTransport($"Nothing answers at {Server(url)}. Does it run, and is the port right?", failure),
        HttpRequestError.SecureConnectionError => OnEveryTransport(
            $"No secure connection to {Server(url)}: {failure.GetBaseException().Message} Does this machine trust the certificate, and does the port speak https?", failure),
        HttpRequestError.ResponseEnded => new ConnectionException($"{Server(url)} closed the connection without an answer. Is the port right, and does it speak what the URL begins with?", failure),
        _ => new ConnectionException($"The connection to {Server(url)} broke: {failure.Message}", failure),
    };

    /// <summary>The hub's URL was answered by something that is no hub.</summary>
    public static ConnectionException Of(Uri url, HttpResponseMessage answer)
    {
        var (hub, status) = (Hub(url), (int)answer.StatusCode);
        return answer.StatusCode switch
        {
            < HttpStatusCode.MultipleChoices => OnEveryTransport($"A page answered at {hub} instead of a hub. {IsThePathRight}"),
            < HttpStatusCode.BadRequest => OnEveryTransport(
                $"{hub} redirects to {Target(url, answer)}. If the hub is there, give that URL; if that is a sign-in page, keep it away from the hub's path."),
            HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed =>
                new ConnectionException($"There is no hub at {hub}: something else answered with status {status}. {IsThePathRight}"),
            >= HttpStatusCode.InternalServerError =>
                new ConnectionException($"Something other than a hub answered with status {status} at {hub}. Does the hub run behind that proxy?"),
            _ => new ConnectionException($"Something other than a hub answered with status {status} at {hub}."),
        };
    }

    /// <summary>The hub that a request was for.</summary>
    private static string Hub(Uri url) =>
        ShownUrl(url) is var address && address.EndsWith(Negotiate, StringComparison.Ordinal) ? address[..^Negotiate.Length] : address;

    private static ConnectionException OnEveryTransport(string message, Exception? failure = null) =>
        new(message, failure) { IsForEveryTransport = true };

    /// <summary>Where a redirect leads, without what may be secret in it.</summary>
    private static string Target(Uri url, HttpResponseMessage answer) =>
        answer.Headers.Location is { } location ? ShownUrl(new Uri(url, location)) : "nowhere";

    /// <summary>As people write it: a WebSocket is asked for over HTTP.</summary>
    private static string Server(Uri url)
    {
        var server = url.GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped);
        return server.StartsWith("ws", StringComparison.Ordinal) ? $"http{server[2..]}" : server;
    }
}
