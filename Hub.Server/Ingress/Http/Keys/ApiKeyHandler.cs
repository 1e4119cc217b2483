using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace RealtimeHub.Ingress.Http.Keys;

/// <summary>Knows a backend by the key in its <c>X-Api-Key</c> header.</summary>
/// <remarks>
/// The base class logs every refusal separately. That is switched off, since <see cref="Operations.RefusalLog"/> sums them up.
/// </remarks>
internal sealed class ApiKeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, UrlEncoder encoder, ApiKeyRing keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, NullLoggerFactory.Instance, encoder)
{
    protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Authenticate());

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => ApiRefusals.KeyRefused.ExecuteAsync(Context);

    private AuthenticateResult Authenticate()
    {
        if (Request.Headers[ApiKeyDefaults.Header] is not [{ Length: > 0 } key])
        {
            return AuthenticateResult.NoResult();
        }

        if (keys.Find(key) is not { } backend)
        {
            return AuthenticateResult.Fail(ApiRefusals.KeyRefused.Code);
        }

        var identity = new ApiIdentity(backend.Name, backend.Scopes);
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Scheme.Name));
    }
}
