using Microsoft.OpenApi;

namespace RealtimeHub.Ingress.Http.Reference;

/// <summary>A parameter in the query of a path of the API. None is required.</summary>
/// <param name="Name">As it stands in the URL.</param>
/// <param name="Description">What it says.</param>
/// <param name="Schema">What it may be.</param>
internal sealed record ApiParameter(string Name, string Description, OpenApiSchema Schema);
