using System.Net.Mime;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace RealtimeHub.Operations;

/// <summary>
/// Why a request is turned away: problem details (RFC 9457) with a stable <c>code</c> for programs and a sentence for people.
/// </summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Code">Words joined by underscores; part of the public contract (docs/protocol.md).</param>
/// <param name="Detail">What happened and what to do next. Never holds a secret.</param>
internal sealed record Refusal(int Status, string Code, string Detail) : IResult
{
    /// <summary>Redis is away: nothing was done, and nobody was let in.</summary>
    public static readonly Refusal StoreUnavailable = StoreUnavailableBecause("Redis does not answer.");

    /// <summary>Seconds after which the same request may succeed, sent as <c>Retry-After</c>.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>How to authenticate, sent as <c>WWW-Authenticate</c>, which every 401 must have (RFC 9110 section 11.6.1).</summary>
    public string? Challenge { get; init; }

    /// <summary>The method to use instead, sent as <c>Allow</c>, which every 405 must have (RFC 9110 section 15.5.6).</summary>
    public string? Allow { get; init; }

    /// <summary>
    /// The codings in which a body is accepted, sent as <c>Accept-Encoding</c>, which a 415 should have (RFC 9110 section 12.5.3).
    /// </summary>
    public string? AcceptEncoding { get; init; }

    /// <summary>Whose request it is, where what was shown was good; otherwise null. The client is not told.</summary>
    public string? User { get; init; }

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.RequestServices.GetRequiredService<RefusalLog>().Add(this, httpContext.Request);
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers[HeaderNames.CacheControl] = "no-store";
        if (Challenge is not null)
        {
            response.Headers.WWWAuthenticate = Challenge;
        }

        if (Allow is not null)
        {
            response.Headers.Allow = Allow;
        }

        if (AcceptEncoding is not null)
        {
            response.Headers.AcceptEncoding = AcceptEncoding;
        }

        if (RetryAfter is { } seconds)
        {
            response.Headers.RetryAfter = seconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        var problem = ToProblem()
            with
        { Documentation = httpContext.RequestServices.GetService<DocumentationLink>()?.ContractAt(httpContext.Request) };
        await response.WriteAsJsonAsync(
            problem, JsonSerializerOptions.Web, MediaTypeNames.Application.ProblemJson, httpContext.RequestAborted);
    }

    /// <summary>Redis is away, or refuses: nothing was done, and nobody was let in.</summary>
    /// <param name="what">What Redis did, in a sentence without secrets.</param>
    public static Refusal StoreUnavailableBecause(string what) => new(
        StatusCodes.Status503ServiceUnavailable, "store_unavailable", $"{what} Nothing was done, and nobody was let in: try again.")
    {
        RetryAfter = 2,
    };

    /// <summary>The body of the answer.</summary>
    public Problem ToProblem() => new($"urn:realtimehub:problem:{Code}", ReasonPhrases.GetReasonPhrase(Status), Status, Detail, Code);
}
