using Microsoft.AspNetCore.Diagnostics;
using RealtimeHub.Operations;

namespace RealtimeHub.Hosting;

/// <summary>Answers a request with a malformed body: broken chunks, fewer bytes than announced, too many, or too slow.</summary>
/// <remarks>This shows only while the body is read, so it arrives as an exception. The mistake is the sender's, not ours.</remarks>
internal sealed class MalformedRequest : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (StatusOf(exception) is not { } status)
        {
            return false;
        }

        await RefusalFor(status).ExecuteAsync(httpContext);
        return true;
    }

    // A chunk size that overflows throws this, and not Kestrel's own exception.
    private static int? StatusOf(Exception exception) => exception switch
    {
        BadHttpRequestException malformed => malformed.StatusCode,
        IOException { InnerException: OverflowException } => StatusCodes.Status400BadRequest,
        _ => null,
    };

    private static Refusal RefusalFor(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => new(status, "body_too_large", "The body is larger than the server takes."),
        StatusCodes.Status408RequestTimeout => new(status, "body_too_slow", "The body came too slowly: send it again."),
        _ => new(StatusCodes.Status400BadRequest, "body_invalid", "The body is not framed as HTTP says: its chunks are broken, or it has fewer bytes than Content-Length."),
    };
}
