using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.Options;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Events;

/// <summary>Posts each event to <c>Events:Url</c>, signed as Standard Webhooks says.</summary>
internal sealed class WebhookSink : IEventSink, IDisposable
{
    /// <summary>How long the consumer may take for an event.</summary>
    internal static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <summary>The name of the consumer is looked up again after this.</summary>
    private static readonly TimeSpan LongestConnection = TimeSpan.FromMinutes(2);

    private readonly TimeProvider _time;
    private readonly Uri _url;
    private readonly List<WebhookKey> _keys = [];
    private readonly HttpClient _client = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        PooledConnectionLifetime = LongestConnection,
    })
    {
        Timeout = Timeout,
        MaxResponseContentBufferSize = 64 * 1024,
    };

    public WebhookSink(IOptions<EventOptions> options, TimeProvider time)
    {
        (_url, _time) = (new Uri(options.Value.Url), time);
        foreach (var secret in options.Value.Secrets)
        {
            if (WebhookKey.TryParse(secret, out var key))
            {
                _keys.Add(key);
            }
        }
    }

    public async Task<EventFault?> TakeAsync(Address user, HubEvent told)
    {
        try
        {
            using var request = RequestFor(user, told);
            using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            return FaultIn(response.StatusCode);
        }
        catch (HttpRequestException away)
        {
            return new EventFault($"The consumer at Events:Url cannot be reached ({away.HttpRequestError}).", IsOfAll: true);
        }
        catch (OperationCanceledException)
        {
            return new EventFault($"The consumer at Events:Url does not answer within {Timeout.TotalSeconds:0} seconds.", IsOfAll: true);
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage RequestFor(Address user, HubEvent told)
    {
        var body = CloudEvent.Encode(user, told);
        var timestamp = _time.GetUtcNow().ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(CloudEvent.MediaType, "utf-8");
        request.Headers.Add("webhook-id", told.Id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", string.Join(' ', _keys.Select(key => key.Sign(told.Id, timestamp, body.Span))));
        request.Headers.UserAgent.ParseAdd("RealtimeHub");
        return request;
    }

    private static EventFault? FaultIn(HttpStatusCode status) => (int)status switch
    {
        >= 200 and < 300 => null,
        408 or 429 or >= 500 => new EventFault($"The consumer at Events:Url answers {(int)status}.", IsOfAll: true),
        _ => new EventFault($"The consumer at Events:Url refuses an event with {(int)status}.", IsOfAll: false),
    };
}
