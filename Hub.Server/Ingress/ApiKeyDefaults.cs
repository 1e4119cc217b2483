namespace RealtimeHub.Ingress;

/// <summary>Names that the scheme of the HTTP API gives to things.</summary>
internal static class ApiKeyDefaults
{
    public const string AuthenticationScheme = "ApiKey";

    public const string Header = "X-Api-Key";
}
