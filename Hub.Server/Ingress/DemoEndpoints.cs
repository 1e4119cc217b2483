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
        demo.MapPost("/token", Mint);
        demo.MapMessages();
        return app;
    }

    private static IResult Mint(string? user) => Identifier.IsValid(user)
        ? new MintResult(new TokenRecord { Subject = user!, Name = user }, StatusCodes.Status201Created)
        : ApiRefusals.NameInvalid("user");
}
