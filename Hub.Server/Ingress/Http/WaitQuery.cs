using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.OpenApi;
using RealtimeHub.Ingress.Http.Reference;
using RealtimeHub.Routing;

namespace RealtimeHub.Ingress.Http;

/// <summary>How long a call that publishes waits until the message is handled: <c>?wait=handled&amp;timeoutSeconds=5</c>.</summary>
internal static class WaitQuery
{
    public const string Rule = "wait must be handled, if it is there; timeoutSeconds a whole number from 1 to 60, and only beside it.";

    private const string OnlyOfUsers =
        "Only a message to a user can be waited for. GET /api/groups/{group}/messages/{id} says who of a group has handled one.";

    private const int DefaultSeconds = 10;
    private const int MostSeconds = 60;

    /// <summary>For the reference.</summary>
    public static IReadOnlyList<ApiParameter> Parameters { get; } =
    [
        new("wait", "With handled, the answer comes when a device of the user has handled the message, or when the time is up.", new OpenApiSchema { Type = JsonSchemaType.String }),
        new("timeoutSeconds", "How long to wait: 1 to 60 seconds, 10 by default.", new OpenApiSchema { Type = JsonSchemaType.Integer }),
    ];

    /// <summary>Reads it, or says what is wrong.</summary>
    /// <param name="request">The request.</param>
    /// <param name="address">Where the message goes to.</param>
    /// <param name="limit">How long to wait; null: not at all.</param>
    /// <param name="mistake">The rule that is broken.</param>
    public static bool TryRead(HttpRequest request, Address address, out TimeSpan? limit, [NotNullWhen(false)] out string? mistake)
    {
        var (wait, timeout) = (request.Query["wait"], request.Query["timeoutSeconds"]);
        var seconds = DefaultSeconds;
        var isRight = (wait.Count, timeout.Count) switch
        {
            (0, 0) => true,
            (1, 0) => wait == "handled",
            (1, 1) => wait == "handled" && int.TryParse(timeout, NumberStyles.None, CultureInfo.InvariantCulture, out seconds)
                && seconds is >= 1 and <= MostSeconds,
            _ => false,
        };
        limit = isRight && wait.Count == 1 ? TimeSpan.FromSeconds(seconds) : null;
        mistake = !isRight ? Rule : limit is not null && !address.IsUser ? OnlyOfUsers : null;
        return mistake is null;
    }
}
