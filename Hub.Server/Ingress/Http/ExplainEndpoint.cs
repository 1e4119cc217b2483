using System.Diagnostics.CodeAnalysis;
using Microsoft.OpenApi;
using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Ingress.Http.Reference;
using RealtimeHub.Insight.Messages;
using RealtimeHub.Operations;
using RealtimeHub.Routing;

namespace RealtimeHub.Ingress.Http;

/// <summary>Why a user has got a message, or has not: <c>GET /api/explain?user=alice&amp;message=…</c>.</summary>
internal static class ExplainEndpoint
{
    private const string Rule =
        "user must be the name of a user; message, if it is there, the id of a message; address, beside it, user:NAME, group:NAME or everyone: where it was published to, by default to the user.";

    private static ApiOperation Explain { get; } = new()
    {
        Name = "explain",
        Tag = "Messages",
        Summary = "Explain why a user has got a message, or has not",
        Description = "Asks the log, each node and the user's devices, and says in sentences what has happened. Without a message it says what would happen to one that were published now.",
        Scope = ApiScope.Read,
        Query =
        [
            new("user", "The name of the user.", new OpenApiSchema { Type = JsonSchemaType.String }),
            new("message", "The id of the message. Without it: a dry run.", new OpenApiSchema { Type = JsonSchemaType.String }),
            new("address", "Where it was published to: user:NAME, group:NAME or everyone. By default to the user.", new OpenApiSchema { Type = JsonSchemaType.String }),
        ],
        Status = StatusCodes.Status200OK,
        Answer = """
            {"user":"alice","address":"user:alice","message":"1790000000000002-7","sentences":["Published 2026-11-29 12:00:01.204 to user:alice, and stands in its log: whoever comes back gets it."]}
            """,
        Refusals = [ApiRefusals.QueryInvalid(Rule), ApiRefusals.MessageUnknown(LogEntryState.Unknown), Refusal.StoreUnavailable],
    };

    public static void MapExplain(this IEndpointRouteBuilder api) =>
        api.At("/explain").Get(ExplainAsync).Describe<MessageExplanation>(Explain);

    private static Task<IResult> ExplainAsync(HttpRequest request, Explainer explainer) => NodesAsked.TryAsync(async () =>
    {
        if (!TryRead(request, out var user, out var address, out var message))
        {
            return ApiRefusals.QueryInvalid(Rule);
        }

        if (message is { IsTransient: true })
        {
            return ApiRefusals.MessageTransient;
        }

        var explained = message is { } id ? await explainer.ExplainAsync(user, address, id) : await explainer.ForeseeAsync(user);
        return explained is null
            ? ApiRefusals.MessageUnknown(LogEntryState.Unknown)
            : TypedResults.Json(explained, ApiJson.Default.MessageExplanation);
    });

    private static bool TryRead(HttpRequest request, out Address user, out Address address, out Cursor? message)
    {
        (user, address, message) = (default, default, null);
        if (!TryTake(request, "user", out var name) || !Identifier.IsValid(name))
        {
            return false;
        }

        user = address = Address.User(name);
        if (request.Query.ContainsKey("message"))
        {
            if (!TryTake(request, "message", out var text) || !Cursor.TryParse(text, out var id))
            {
                return false;
            }

            message = id;
        }

        return !request.Query.ContainsKey("address")
            || (message is not null && TryTake(request, "address", out var of) && Address.TryParse(of, out address));
    }

    private static bool TryTake(HttpRequest request, string name, [NotNullWhen(true)] out string? value)
    {
        value = request.Query[name] is [{ Length: > 0 } only] ? only : null;
        return value is not null;
    }
}
