using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Operations;
using RealtimeHub.Routing;

namespace RealtimeHub.Ingress.Http;

/// <summary>Every reason for which the HTTP API turns a backend away.</summary>
internal static class ApiRefusals
{
    public static readonly Refusal KeyRefused = new(401, "key_refused", "Show one of the keys of Api:Keys in the header X-Api-Key.")
    {
        Challenge = ApiKeyDefaults.AuthenticationScheme,
    };

    public static readonly Refusal NotFound = new(404, "not_found", "There is no such address in the API.");

    public static readonly Refusal NameMissing = new(400, "name_invalid",
        "The path has an empty name: there is nothing between two slashes, or behind the last.");

    public static readonly Refusal NodeUnknown = new(404, "node_unknown", "No node of that id lives. GET /api/nodes lists those that do.");

    public static readonly Refusal IdempotencyConflict = new(409, "idempotency_conflict", IdempotencyConflictException.Rule);

    public static readonly Refusal IdInvalid = new(400, "id_invalid",
        "The id of a message is two numbers with - between them, as publishing has answered it: 1790000000000002-7.");

    public static readonly Refusal MessageTransient = new(404, "message_unknown",
        "The message was transient: it went to who was connected at that moment, and nothing was kept of it.");

    public static readonly Refusal NoDashboard = new(404, "dashboard_missing",
        "This node has no dashboard, and keeps no history. Set Dashboard:Urls to where it is to be, such as http://localhost:9465.");

    public static readonly Refusal FollowsFull = new(503, "follows_full",
        "As many users are followed from this node as may be at once. End one, or ask another node.")
    {
        RetryAfter = 10,
    };

    /// <summary>As the reference shows it where a node is asked to do something.</summary>
    public static readonly Refusal NodeSilent = NodeUnavailable(
        "Node 0197a6b1c9d07e6b8f6d2a5f4f6f0c1e has not answered within 5 seconds. It may have done what it was asked, or not: try again.");

    public static readonly Refusal GroupsFull = new(409, "groups_full",
        "The user is in 1,000 groups that last, and may not be in more. Take the user out of one first: GET /api/users/{user}/groups lists them.");

    public static readonly Refusal HostRefused = new(400, "host_refused",
        "This server does not answer to the name that it was asked by. The operator can add the name to AllowedHosts; what is open without a key answers to localhost and to addresses.");

    public static readonly Refusal DemoRefused = new(403, "host_refused", "The demo lets anybody be anybody, so it answers on its own machine only, as localhost: open it there.");

    /// <summary>For a hub without any key: to ask for a better key would mislead.</summary>
    public static readonly Refusal NoKey = new(404, "not_found",
        "No key is configured, so there is no HTTP API. Make a key, KEY=$(openssl rand -hex 32), and start the hub with its hash: Api__Keys__shop=$(printf %s \"$KEY\" | sha256sum | cut -d' ' -f1).");

    public static readonly Refusal StoreUnavailable = StoreUnavailableBecause("Redis does not answer.");

    /// <summary>
    /// Says more than <see cref="Refusal.StoreUnavailable"/>: a message that was under way when Redis failed may already be in the log.
    /// </summary>
    /// <param name="what">What Redis did, in a sentence without secrets.</param>
    public static Refusal StoreUnavailableBecause(string what) => Refusal.StoreUnavailable with
    {
        Detail = $"{what} The message may be published nevertheless: with an idempotencyKey it is safe to try again.",
    };

    public static Refusal MethodNotAllowed(IReadOnlyCollection<string> allowed) =>
        new(405, "method_not_allowed", $"This path takes {string.Join(" and ", allowed)}.") { Allow = string.Join(", ", allowed) };

    /// <param name="state">What the log of the address knows of it.</param>
    public static Refusal MessageUnknown(LogEntryState state) => new(404, "message_unknown", state switch
    {
        LogEntryState.Trimmed => "The log has it no more: it was older than Routing:MaxAge, made room for newer ones (Routing:MaxMessages), or Redis has lost the whole log. Whether it was ever published cannot be told any more.",
        LogEntryState.Lost => "Redis has lost it, in a failover. A gap stands in its place, and whoever comes back across it is told.",
        _ => "No message of that id was ever published there.",
    });

    public static Refusal QueryInvalid(string mistake) => new(400, "query_invalid", mistake);

    /// <param name="scope">What the key would need.</param>
    /// <param name="backend">The name of the key.</param>
    public static Refusal ScopeMissing(ApiScope scope, string backend) => new(403, "scope_missing",
        $"The key {backend} may not do this: it needs the scope {scope.ToWord()}. An operator can add it to Api:Scopes:{backend}.");

    /// <summary>A node that was asked has not answered, or cannot: what it has is missing.</summary>
    public static Refusal NodeUnavailable(string why) => new(503, "node_unavailable", why) { RetryAfter = 2 };

    public static Refusal NotJson(string mistake) => new(415, "not_json", mistake) { AcceptEncoding = "identity" };

    public static Refusal BodyTooLarge(long most) => new(413, "body_too_large", most < 1024 * 1024
        ? $"A body may have {most / 1024} KB at the most."
        : $"A body may have {most / 1024 / 1024} MB at the most.");

    public static Refusal BodyInvalid(string detail) => new(400, "body_invalid", detail);

    public static Refusal NameInvalid(string what) => new(400, "name_invalid", $"The {what} {Identifier.Rule}.");

    public static Refusal NameNotUtf8(string what) => new(400, "name_invalid",
        $"The {what} is no UTF-8: names are percent-encoded as UTF-8, so that an ë is %C3%AB and not %EB.");

    /// <summary>Holds for every path of the server: the hub does not guess what an ambiguous path means.</summary>
    public static Refusal PathInvalid(string mistake) => new(400, "path_invalid", $"The path can be read in more than one way. {mistake}");

    public static Refusal RateLimited(int seconds) => new(429, "rate_limited", "More messages than Api:MessagesPerSecond allows. Nothing was published: try again after Retry-After.")
    {
        RetryAfter = seconds,
    };
}
