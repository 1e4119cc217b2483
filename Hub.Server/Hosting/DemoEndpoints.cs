using System.Net;
using System.Security.Claims;
using Microsoft.AspNetCore.StaticFiles;
using RealtimeHub.Ingress.Http;
using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Minting;
using RealtimeHub.Operations;
using RealtimeHub.Tokens;

namespace RealtimeHub.Hosting;

/// <summary>
/// The demo page, and below <c>/demo</c> what it asks for: a token for any name, and what the HTTP API does, without a key. In Development
/// only, and only for this machine under a name of it, because here anybody may be anybody and end anybody.
/// </summary>
internal static class DemoEndpoints
{
    /// <summary>As whom it acts, in the log: a backend like any other.</summary>
    private const string Backend = "demo page";

    private const string ItsOwn = "default-src 'self'; base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors 'none'";

    /// <summary>Long enough to look around, and an end that each renewal is seen to move.</summary>
    private static readonly TimeSpan ConnectionTime = TimeSpan.FromHours(1);

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
        var api = demo.MapGroup("").AddEndpointFilter(ApiEndpoints.RefuseUnnamed).AddEndpointFilter(ActAsBackend);
        api.MapMessages();
        api.MapPresence();
        api.MapNodes();
        api.MapControl();
        api.MapGroups();
        return app;
    }

    /// <remarks>
    /// The name is compared because a foreign page whose host name is made to point at this machine (DNS rebinding) would share the demo's
    /// origin, and the address because another machine can say any name.
    /// </remarks>
    private static bool IsAskedElsewhere(HttpContext context) =>
        (context.GetEndpoint() is null || context.Request.Path.StartsWithSegments("/demo"))
        && (!Loopback.IsHost(context.Request.Host.Host) || !IsHere(context.Connection.RemoteIpAddress));

    // A socket in the file system has no address.
    private static bool IsHere(IPAddress? client) => client is null || IPAddress.IsLoopback(client);

    private static void Secure(StaticFileResponseContext file) => file.Context.Response.Headers.ContentSecurityPolicy = ItsOwn;

    private static ValueTask<object?> ActAsBackend(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        context.HttpContext.User = new ClaimsPrincipal(new ApiIdentity(Backend, ApiScope.All));
        return next(context);
    }

    // The framework decodes leniently: what is not UTF-8 stays encoded, and would be the name of another user.
    private static IResult Mint(string? user, HttpRequest request, TimeProvider time) =>
        PercentEncoding.Decode(request.QueryString.Value ?? "") is null ? ApiRefusals.NameNotUtf8("user")
        : Identifier.IsValid(user) ? new MintResult(RecordOf(user!, time.GetUtcNow()), StatusCodes.Status201Created)
        : ApiRefusals.NameInvalid("user");

    private static TokenRecord RecordOf(string user, DateTimeOffset now) =>
        new() { Subject = user, Name = user, ExpiresAt = now + ConnectionTime };
}
