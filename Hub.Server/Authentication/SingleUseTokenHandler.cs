using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RealtimeHub.Operations;

namespace RealtimeHub.Authentication;

/// <summary>Lets a request to a hub in by the token that it shows, and spends that token. Other endpoints it leaves alone.</summary>
/// <remarks>
/// The base class authenticates once a request however often it is asked, so a token is never spent twice by one request. It would log each refusal by itself;
/// <see cref="RefusalLog"/> sums them up.
/// </remarks>
internal sealed class SingleUseTokenHandler(
    IOptionsMonitor<SingleUseTokenOptions> options, UrlEncoder encoder, ConnectionGate gate, IHostApplicationLifetime lifetime)
    : AuthenticationHandler<SingleUseTokenOptions>(options, NullLoggerFactory.Instance, encoder)
{
    private Refusal _refusal = Refusals.TokenMissing;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.GetEndpoint()?.Metadata.GetMetadata<SingleUseTokenMetadata>() is null)
        {
            return AuthenticateResult.NoResult();
        }

        // Who is sent away comes back at once, and must not stay where everybody is cut off a moment later.
        var opensNothing = lifetime.ApplicationStopping.IsCancellationRequested && Request.ConnectionToken() is null;
        var admission = opensNothing ? Refusals.NodeStopping : await gate.AdmitAsync(Request, Options);
        if (admission.Refusal is { } refusal)
        {
            _refusal = refusal;
            return AuthenticateResult.Fail(refusal.Code);
        }

        Context.Features.Set(admission);
        return AuthenticateResult.Success(admission.Ticket!);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => _refusal.ExecuteAsync(Context);
}
