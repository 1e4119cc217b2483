using Microsoft.Extensions.Options;
using RealtimeHub.Authentication;
using RealtimeHub.Authentication.Limits;
using RealtimeHub.Hosting;
using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Ingress.RabbitMq;
using RealtimeHub.Operations;
using RealtimeHub.Redis;
using RealtimeHub.Routing.Events;
using RealtimeHub.Tokens;

namespace RealtimeHub.CommandLine.ConfigCheck;

/// <summary>Finds settings that are valid but unsafe on the internet. One sentence for each, with what to do.</summary>
internal static class UnsafeSettings
{
    public static IEnumerable<string> In(IServiceProvider services)
    {
        var configuration = services.GetRequiredService<IConfiguration>();
        var network = services.GetRequiredService<IHostEnvironment>().IsDevelopment()
            ? ["The environment is Development, where the demo page lets anybody on this machine be anybody, and end anybody. Set ASPNETCORE_ENVIRONMENT to Production."]
            : OfUrls(configuration).Concat(OfHosts(configuration))
                .Concat(OfOrigins(services.GetRequiredService<IOptions<OriginOptions>>().Value));
        return network
            .Concat(OfRedis(services.GetRequiredService<IOptions<RedisStoreOptions>>().Value))
            .Concat(OfRabbitMq(services.GetRequiredService<IOptions<RabbitMqOptions>>().Value))
            .Concat(OfEvents(services.GetRequiredService<IOptions<EventOptions>>().Value))
            .Concat(OfTokens(services.GetRequiredService<IOptions<TokenOptions>>().Value))
            .Concat(OfLimits(
                services.GetRequiredService<IOptions<LimitOptions>>().Value, services.GetRequiredService<IOptions<ProxyOptions>>().Value))
            .Concat(UnsafeKeys.In(services.GetRequiredService<IOptions<ApiOptions>>().Value));
    }

    private static IEnumerable<string> OfUrls(IConfiguration configuration) => ListeningAddresses.InClearText(configuration).Select(
        setting => setting.Key == ListeningAddresses.MetricsKey
            ? $"{setting.Key} has {setting.Url}, which asks for no key: whoever reaches it sees how many users there are and what is wrong. " +
                "Let nobody but Prometheus reach it, by a firewall or a network of its own."
            : $"{setting.Key} has {setting.Url}: other machines send tokens and messages in clear text. " +
                "Let TLS end at a proxy on this machine and listen on localhost.");

    private static IEnumerable<string> OfHosts(IConfiguration configuration) =>
        configuration[nameof(SiteOptions.AllowedHosts)]?.Split(';', StringSplitOptions.TrimEntries).Contains("*") == true
            ? ["AllowedHosts has *, with which the API's reference answers under any name, also one that somebody else points here. Name the hosts, or leave it out."]
            : [];

    private static IEnumerable<string> OfOrigins(OriginOptions origins) =>
        from origin in origins.Allowed.Index()
        let danger = DangerOf(origin.Item)
        where danger is not null
        select $"Origins:Allowed:{origin.Index} is {origin.Item}: {danger}";

    private static string? DangerOf(string origin) =>
        origin.StartsWith("http:", StringComparison.Ordinal) ? "whoever is on the way can change that page and connect as its users. Serve it over https."
        : origin == WebOrigin.Opaque ? "any page on the web can have that origin, in a sandboxed frame. Serve your page from an origin of its own."
        : origin.StartsWith("file:", StringComparison.Ordinal) ? "any file on the user's machine can have that origin. Serve your page from an origin of its own."
        : null;

    private static IEnumerable<string> OfRedis(RedisStoreOptions options)
    {
        if (!options.IsConfigured)
        {
            yield break;
        }

        var redis = options.Parse();
        var far = redis.EndPoints.Where(endPoint => !Loopback.IsEndPoint(endPoint)).ToList();
        var where = RedisStoreOptions.Name(far);
        if (far.Count > 0 && string.IsNullOrEmpty(redis.Password))
        {
            yield return $"Redis:Connection goes to {where} without a password: whoever reaches it can be any user. Set one there, and password=… here.";
        }

        if (far.Count > 0 && !redis.Ssl)
        {
            yield return $"Redis:Connection goes to {where} in clear text: whoever is on the way reads passwords and messages. Set ssl=true.";
        }
    }

    private static IEnumerable<string> OfRabbitMq(RabbitMqOptions options) =>
        options.IsConfigured && new Uri(options.Uri) is { Scheme: "amqp" } broker && !Loopback.IsHost(broker.Host)
            ? [$"RabbitMq:Uri goes to {broker.Host} in clear text: whoever is on the way reads its password and messages. Use amqps."]
            : [];

    private static IEnumerable<string> OfEvents(EventOptions options) =>
        options.HasUrl && new Uri(options.Url) is { Scheme: "http" } consumer && !Loopback.IsHost(consumer.Host)
            ? [$"Events:Url goes to {consumer.Host} in clear text: whoever is on the way reads who is connected. Use https."]
            : [];

    private static IEnumerable<string> OfTokens(TokenOptions options) => options.AcceptSeedFormat
        ? ["Tokens:AcceptSeedFormat is on: such tokens lie readable in Redis and outlive their 20 seconds there. Switch it off when nobody mints them any more."]
        : [];

    /// <remarks>A proxy on this machine locks out nobody: what comes from this machine is not limited.</remarks>
    private static IEnumerable<string> OfLimits(LimitOptions limits, ProxyOptions proxies) =>
        limits.IsPerIpAddress && proxies.Known.Count == 0
        ? ["Limits counts clients by their IP addresses, and Proxies:Known is empty: all that come through a proxy on another machine share one address, and lock each other out. Name the proxies, or ignore this if there are none."]
        : [];
}
