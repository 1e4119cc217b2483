using Microsoft.AspNetCore.StaticFiles;
using RealtimeHub.Ingress.Http;
using RealtimeHub.Minting;
using RealtimeHub.Operations;
using RealtimeHub.Tokens;

namespace RealtimeHub.Hosting;

/// <summary>
/// The demo page and the two requests that it makes. In Development only, and only under names of this machine, because here anybody may
/// sign in as anybody.
/// </summary>
internal static class DemoEndpoints
{
    private const string ItsOwn = "default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors 'none'";

    public static WebApplication MapDemo(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            return app;
        }

        app.UseWhen(IsAskedElsewhere, elsewhere => elsewhere.Run(context => ApiRefusals.DemoRefused.ExecuteAsync(context)));
        app.UseFileServer(new FileServerOptions { StaticFileOptions = { OnPrepareResponse = Secure } });
        var demo = app.MapGroup("/demo").AddEndpointFilter(ApiEndpoints.ForbidCaching).AddEndpointFilter(SameSite.RequireAsync);
        demo.MapPost("/token", Mint);
        demo.MapMessages();
        return app;
    }

    /// <remarks>
    /// Otherwise a foreign page whose host name is made to point at this machine (DNS rebinding) would share the demo's origin, and could
    /// act as anybody.
    /// </remarks>
    private static bool IsAskedElsewhere(HttpContext context) => !Loopback.IsHost(context.Request.Host.Host)
        && (context.GetEndpoint() is null || context.Request.Path.StartsWithSegments("/demo"));

    private static void Secure(StaticFileResponseContext file) => file.Context.Response.Headers.ContentSecurityPolicy = ItsOwn;

    // The framework decodes leniently: what is not UTF-8 stays encoded, and would be the name of another user.
    private static IResult Mint(string? user, HttpRequest request) =>
        PercentEncoding.Decode(request.QueryString.Value ?? "") is null ? ApiRefusals.NameNotUtf8("user")
        : Identifier.IsValid(user) ? new MintResult(new TokenRecord { Subject = user!, Name = user }, StatusCodes.Status201Created)
        : ApiRefusals.NameInvalid("user");
}
