using RealtimeHub.Operations;

namespace RealtimeHub.Ingress;

/// <summary>Every reason for which the HTTP API turns a backend away.</summary>
internal static class ApiRefusals
{
    public static readonly Refusal KeyRefused = new(401, "key_refused", "Show one of the keys of Api:Keys in the header X-Api-Key.")
    {
        Challenge = ApiKeyDefaults.AuthenticationScheme,
    };

    public static readonly Refusal NotFound = new(404, "not_found", "There is no such address in the API. See docs/protocol.md.");

    public static readonly Refusal NotJson = new(415, "not_json", "Send Content-Type: application/json.");

    public static readonly Refusal BodyTooLarge = new(413, "body_too_large", "A body may have 64 KB at the most.");

    public static Refusal BodyInvalid(string detail) => new(400, "body_invalid", detail);

    public static Refusal NameInvalid(string what) => new(400, "name_invalid", $"The {what} {Identifier.Rule}.");
}
