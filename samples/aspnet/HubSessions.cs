using System.Security.Claims;

namespace Samples.AspNet;

/// <summary>Sessions of this site, as the hub knows them: by the claim <c>sid</c>, which its tokens have as well.</summary>
public sealed partial class HubSessions
{
    private const string Claim = "sid";

    private readonly HttpClient _hub;
    private readonly ILogger<HubSessions> _logger;

    public HubSessions(HttpClient hub, IConfiguration configuration, ILogger<HubSessions> logger)
    {
        hub.BaseAddress = new Uri(configuration["Hub:Url"]!);
        hub.DefaultRequestHeaders.Add("X-Api-Key", configuration["Hub:ApiKey"]);
        hub.Timeout = TimeSpan.FromSeconds(3);
        (_hub, _logger) = (hub, logger);
    }

    /// <summary>The name of a new session: random, and no part of its cookie, which nobody but the browser may know.</summary>
    public static Claim Begin() => new(Claim, $"{Guid.NewGuid():N}");

    /// <summary>
    /// Ends what is open in a session that is over, on every page, and lets nothing that was minted in it open any more. If the hub does
    /// not answer, the log says so.
    /// </summary>
    /// <remarks>
    /// None may come back: another tab would be told sooner than the browser that its cookie is gone, and would get another token with it.
    /// </remarks>
    public async Task EndAsync(ClaimsPrincipal user)
    {
        if (user.FindFirstValue(ClaimTypes.NameIdentifier) is not { } name || user.FindFirstValue(Claim) is not { } session)
        {
            return;
        }

        try
        {
            var path = $"/api/users/{Uri.EscapeDataString(name)}/sessions/{session}?mayComeBack=false&reason=You%20have%20signed%20out.";
            using var answer = await _hub.DeleteAsync(new Uri(path, UriKind.Relative));
            answer.EnsureSuccessStatusCode();
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            Log.NotEnded(_logger, failure.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Error, "The connections of a session that is over were not ended: {Why}", EventName = "SessionNotEnded")]
        public static partial void NotEnded(ILogger logger, string why);
    }
}
