using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Ingress.Http.Reference;
using RealtimeHub.Publishing;
using RealtimeHub.Redis;
using RealtimeHub.Routing;

namespace RealtimeHub.Ingress.Http;

/// <summary><c>POST /api/messages</c>: many messages in one request, each with its address.</summary>
internal static class BatchEndpoint
{
    /// <summary>The most bytes of a body: 4 MB.</summary>
    public const int LargestBody = 4 * 1024 * 1024;

    public static void MapBatch(this IEndpointRouteBuilder api) => api.MapPostOnly("/messages", PublishAsync)
        .Describe<BatchRequest, BatchAnswer>(new()
        {
            Name = "publishBatch",
            Tag = "Messages",
            Summary = "Publish up to 1,000 messages, each to its address",
            Description = "Each is published or refused by itself, those of one address in the order given. 503 says that not one was published for certain. "
                + "Those with an idempotencyKey may be sent again as they are, the whole batch as well. A body may have 4 MB at the most.",
            Status = StatusCodes.Status200OK,
            Request = """{"messages":[{"address":"user:alice","type":"order.shipped","payload":{"id":7},"idempotencyKey":"shipped 7"},{"address":"alice","type":"order.shipped"}]}""",
            Answer = """{"failed":1,"results":[{"id":"1790000000000002-7"},{"code":"message_invalid","detail":"At $.address: must be user:NAME, group:NAME or everyone"}]}""",
            Refusals = [ApiRefusals.BodyInvalid("At $.messages: must be an array of 1 to 1000 messages"), ApiRefusals.BodyTooLarge(LargestBody), ApiRefusals.StoreUnavailable],
        });

    private static async Task<IResult> PublishAsync(HttpContext context, Publisher publisher, MessageRate rate)
    {
        var (batch, refusal) = await JsonBody.ReadAsync(context.Request, ApiJson.Default.BatchRequest, LargestBody);
        refusal ??= rate.Take(context.User, batch!.Messages.Count);
        if (refusal is not null)
        {
            return refusal;
        }

        var results = await ResultsAsync(batch!.Messages, ApiKeyDefaults.BackendOf(context.User), publisher);
        return results.FirstOrDefault(result => result.Code == ApiRefusals.StoreUnavailable.Code) is { } away && results.All(result => result.Id is null)
            ? ApiRefusals.StoreUnavailable with { Detail = away.Detail! }
            : TypedResults.Json(new BatchAnswer(results.Count(result => result.Id is null), results), ApiJson.Default.BatchAnswer);
    }

    private static async Task<BatchResult[]> ResultsAsync(IReadOnlyList<BatchItem> items, string backend, Publisher publisher)
    {
        var published = publisher.PublishEach([.. items.Select(item => item.Publication).OfType<Publication>().Select(publication => publication.From(backend))]).GetEnumerator();
        var results = new BatchResult[items.Count];
        for (var index = 0; index < results.Length; index++)
        {
            results[index] = items[index].Mistake is { } mistake ? BatchResult.Invalid(mistake)
                : published.MoveNext() ? await ResultOfAsync(published.Current)
                : throw new InvalidOperationException("A message was not published.");
        }

        return results;
    }

    private static async Task<BatchResult> ResultOfAsync(Task<string> published)
    {
        try
        {
            return BatchResult.Published(await published);
        }
        catch (IdempotencyConflictException)
        {
            return BatchResult.IdempotencyConflict;
        }
        catch (StoreUnavailableException away)
        {
            return BatchResult.Refused(ApiRefusals.StoreUnavailableBecause(away.Fault.Summary));
        }
    }
}
