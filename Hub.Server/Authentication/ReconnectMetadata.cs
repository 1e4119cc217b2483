namespace RealtimeHub.Authentication;

/// <summary>A hub that gives its clients a secret to come back with, if they ask for it, and takes it.</summary>
internal sealed class ReconnectMetadata
{
    /// <summary>The query parameter by which a client asks for it as it opens a connection, if it is <c>true</c>.</summary>
    public const string Parameter = "connected";

    /// <summary>Whether a request is for such a hub.</summary>
    public static bool IsOn(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<ReconnectMetadata>() is not null;

    /// <summary>Whether it asks for a secret.</summary>
    public static bool IsAskedFor(HttpContext context) => IsOn(context) && context.Request.Query[Parameter] == "true";
}
