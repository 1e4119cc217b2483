using System.Net;
using System.Text.Json;

namespace RealtimeHub.Client.Connecting;

/// <summary>Throws a refused request with the hub's own reason, of which the stock client would keep the status only.</summary>
internal sealed class RefusalReader(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string ProblemDetails = "application/problem+json";
    private const int MaxBytes = 64 * 1024;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        if (response.StatusCode < HttpStatusCode.BadRequest)
        {
            return response;
        }

        using (response)
        {
            throw await ReadAsync(response, cancellationToken) is { Code: { } code } problem
                ? new RefusedException(response.StatusCode, code, problem.Detail)
                : new ConnectionException($"Something other than a hub answered with status {(int)response.StatusCode}.");
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
