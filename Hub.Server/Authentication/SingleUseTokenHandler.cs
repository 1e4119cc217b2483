using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RealtimeHub.Operations;

namespace RealtimeHub.Authentication;

/// <summary>Lets a request in by the token that it shows, and spends that token. Endpoints without the mark are left alone.</summary>
/// <remarks>
/// The base class authenticates a request only once, however often it is asked, so one request never spends a token twice. It also logs
/// each refusal separately, which is switched off, since <see cref="RefusalLog"/> sums them up.
/// </remarks>
internal sealed class SingleUseTokenHandler(
    IOptionsMonitor<SingleUseTokenOptions> options, UrlEncoder encoder, ConnectionGate gate, DrainState drain,
    RefusedClients? refused = null)
    : AuthenticationHandler<SingleUseTokenOptions>(options, NullLoggerFactory.Instance, encoder)
{
    private Refusal _refusal = Refusals.TokenMissing;

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (Context.GetEndpoint()?.Metadata.GetMetadata<SingleUseTokenMetadata>() is null)
        {
            return AuthenticateResult.NoResult();
        }

        var decision = await AdmitAsync();
        if (!decision.IsSuccess)
        {
            _refusal = decision.Reason;
            return AuthenticateResult.Fail(decision.Reason.Code);
        }

        decision.Value.Keep(Context);
        return AuthenticateResult.Success(decision.Value.Ticket);
    }

    private async Task<Result<Admission, Refusal>> AdmitAsync()
    {
        if (!HubRequestReader.TryRead(Context, Options, out var request, out var ambiguous))
        {
            return ambiguous;
        }

        // A client that is told to reconnect comes back at once. This node must not take it.
        var opensConnection = request.Kind is not (HubRequestKind.Connection or HubRequestKind.Refresh);
        return opensConnection && drain.IsDraining
            ? Refusals.NodeStopping
            : await gate.AdmitAsync(request);
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => RefuseAsync(_refusal);

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) =>
        RefuseAsync(Refusals.PolicyRefused with { User = TokenTicket.UserOf(Context.User) });

    /// <remarks>A host without a push hub has no events.</remarks>
    private Task RefuseAsync(Refusal refusal)
    {
        refused?.Add(refusal);
        return refusal.ExecuteAsync(Context);
    }
}
