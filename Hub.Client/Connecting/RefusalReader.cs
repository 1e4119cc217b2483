using System.Net;
using System.Text.Json;

namespace RealtimeHub.Client.Connecting;

/// <summary>
/// Turns a refusal into an exception with the hub's own reason, of which the stock client keeps only the status, and an answer that is not
/// from a hub into one that says so.
/// </summary>
internal sealed class RefusalReader(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string Page = "text/html";
    private const string ProblemDetails = "application/problem+json";
    private const int MaxBytes = 64 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await AskAsync(request, cancellationToken);
        if (response.StatusCode < HttpStatusCode.MultipleChoices && response.Content.Headers.ContentType?.MediaType != Page)
        {
            return response;
        }

        using (response)
        {
            throw await ReadAsync(response, cancellationToken) is { Code: { } code } problem
                ? new RefusedException(response.StatusCode, code, problem.Detail)
                : Diagnosis.Of(request.RequestUri!, response);
        }
    }

    private async Task<HttpResponseMessage> AskAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            return await base.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException failure)
        {
            throw Diagnosis.Of(request.RequestUri!, failure);
        }
    }

    private static async Task<Problem?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if (response.Content.Headers.ContentType?.MediaType != ProblemDetails)
        {
            return null;
        }

        await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
            return await JsonSerializer.DeserializeAsync(body, ClientJson.Default.Problem, cancellationToken);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
