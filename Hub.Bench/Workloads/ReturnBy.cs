namespace RealtimeHub.Bench.Workloads;

/// <summary>What clients come back by.</summary>
internal enum ReturnBy
{
    /// <summary>A token that they have before they come: what it costs to mint it is left out, but for Redis.</summary>
    Token,

    /// <summary>A token that each asks the web app for as it comes.</summary>
    TokenOfWebApp,

    /// <summary>The secret of the connection that they had: no token is minted.</summary>
    Secret,
}
