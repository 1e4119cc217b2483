using Microsoft.AspNetCore.Http.HttpResults;
using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Ingress.Http.Reference;
using RealtimeHub.Insight.Settings;

namespace RealtimeHub.Ingress.Http;

/// <summary>The settings of the node that answers: <c>GET /api/settings</c>.</summary>
internal static class SettingsEndpoint
{
    public static void MapSettings(this IEndpointRouteBuilder api) => api.At("/settings").Get(Show).Describe<SettingsAnswer>(new ApiOperation
    {
        Name = "showSettings",
        Tag = "Nodes",
        Summary = "Show the settings of the node that are not the default",
        Description = "Without what is secret in them: passwords, keys and their hashes.",
        Scope = ApiScope.Read,
        Status = StatusCodes.Status200OK,
        Answer = """{"settings":[{"key":"Routing:MaxMessages","value":"100"}]}""",
        Refusals = [],
    });

    private static JsonHttpResult<SettingsAnswer> Show(ChangedSettings settings) =>
        TypedResults.Json(new SettingsAnswer(settings.All), ApiJson.Default.SettingsAnswer);
}
