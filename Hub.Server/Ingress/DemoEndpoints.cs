using Microsoft.Extensions.Options;
using RealtimeHub.Tokens;

namespace RealtimeHub.Ingress;

/// <summary>The demo page and the two requests that it makes. In Development only: anybody may be anybody here.</summary>
internal static class DemoEndpoints
{
    public static WebApplication MapDemo(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            return app;
        }

        app.UseFileServer();
        var demo = app.MapGroup("/demo").AddEndpointFilter(ApiEndpoints.ForbidCaching);
        demo.MapPost("/token", MintAsync);
        demo.MapMessages();
        return app;
    }

    private static async Task<IResult> MintAsync(string? user, IAccessTokenStore tokens, IOptions<TokenOptions> options) =>
        Identifier.IsValid(user)
            ? await TokensEndpoint.MintAsync(new TokenRecord { Subject = user!, Name = user }, tokens, options.Value)
            : new RefusalResult(ApiRefusals.NameInvalid("user"));
}
