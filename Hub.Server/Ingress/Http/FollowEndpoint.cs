using System.Globalization;
using System.Text.Json;
using Microsoft.OpenApi;
using RealtimeHub.Authentication;
using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Ingress.Http.Reference;
using RealtimeHub.Operations;
using RealtimeHub.Presence;

namespace RealtimeHub.Ingress.Http;

/// <summary>What happens to a user, as it happens: <c>GET /api/users/{user}/follow</c>, a line of JSON for each event.</summary>
internal static class FollowEndpoint
{
    private const string Rule = "seconds must be a whole number from 1 to 600.";
    private const int MostSeconds = 600;

    private static readonly TimeSpan BetweenSigns = TimeSpan.FromSeconds(10);

    private const byte LineEnd = (byte)'\n';

    private static ApiOperation Follow { get; } = new()
    {
        Name = "followUser",
        Tag = "Presence",
        Summary = "Follow what happens to a user, as it happens",
        Description = "A line of JSON for each event, on whichever node: connects, refusals, messages, resumes, receipts, ends. An empty line says every ten seconds that nothing has. It ends after ten minutes at the latest.",
        Scope = ApiScope.Read,
        Query = [new("seconds", "For how long: 1 to 600, 600 by default.", new OpenApiSchema { Type = JsonSchemaType.Integer })],
        Status = StatusCodes.Status200OK,
        Answer = """
            {"at":"2026-11-29T16:20:22.512+00:00","kind":"sent","text":"A message to user:alice was sent.",
            "node":"0197a6b1c9d07e6b8f6d2a5f4f6f0c1e","connection":"3pGBcUsXm9OvGWCpAmtFeA","message":"1790000000000002-7"}
            """,
        Refusals = [ApiRefusals.NameInvalid("user"), ApiRefusals.QueryInvalid(Rule), ApiRefusals.FollowsFull, Refusal.StoreUnavailable],
    };

    public static void MapFollow(this IEndpointRouteBuilder api) =>
        api.At("/users/{user}/follow").Get(FollowAsync).Describe<FollowedEvent>(Follow);

    private static Task<IResult> FollowAsync(HttpContext context, Following following, TimeProvider time) => NodesAsked.TryAsync(async () =>
    {
        if (RawPath.Name(context, "user", fromEnd: 1, out var user) is { } refusal)
        {
            return refusal;
        }

        if (!TryRead(context.Request, out var limit))
        {
            return ApiRefusals.QueryInvalid(Rule);
        }

        using var follower = await following.BeginAsync(user);
        if (follower is null)
        {
            return ApiRefusals.FollowsFull;
        }

        using var end = new CancellationTokenSource(limit, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(end.Token, context.RequestAborted);
        await TellAsync(context.Response, follower, time, over.Token);
        return Results.Empty;
    });

    private static async Task TellAsync(HttpResponse response, Follower follower, TimeProvider time, CancellationToken over)
    {
        response.ContentType = "application/x-ndjson";
        try
        {
            await response.Body.FlushAsync(over);
            for (var coming = NextAsync(follower, over); ;)
            {
                if (await ComesInTimeAsync(coming, time, over))
                {
                    await WriteAllAsync(response.Body, follower, over);
                    coming = NextAsync(follower, over);
                }
                else
                {
                    await response.Body.WriteAsync((byte[])[LineEnd], over);
                }

                await response.Body.FlushAsync(over);
            }
        }
        catch (OperationCanceledException)
        {
            // The time is up, or nobody listens any more.
        }
    }

    private static Task<bool> NextAsync(Follower follower, CancellationToken over) => follower.Events.WaitToReadAsync(over).AsTask();

    private static async Task<bool> ComesInTimeAsync(Task<bool> coming, TimeProvider time, CancellationToken over)
    {
        try
        {
            await coming.WaitAsync(BetweenSigns, time, over);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private static async Task WriteAllAsync(Stream body, Follower follower, CancellationToken over)
    {
        while (follower.Events.TryRead(out var happened))
        {
            await body.WriteAsync(LineOf(happened), over);
        }
    }

    private static byte[] LineOf(FollowedEvent happened) =>
        [.. JsonSerializer.SerializeToUtf8Bytes(happened, ApiJson.Default.FollowedEvent), LineEnd];

    private static bool TryRead(HttpRequest request, out TimeSpan limit)
    {
        var (said, seconds) = (request.Query["seconds"], MostSeconds);
        var isRight = said.Count == 0
            || (said.Count == 1 && int.TryParse(said, NumberStyles.None, CultureInfo.InvariantCulture, out seconds)
                && seconds is >= 1 and <= MostSeconds);
        limit = TimeSpan.FromSeconds(seconds);
        return isRight;
    }
}
