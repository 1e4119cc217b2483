namespace RealtimeHub.Operations;

/// <summary>The address of the documentation, for answers that refuse something.</summary>
internal sealed class DocumentationLink(HostGuard hosts)
{
    /// <summary>Where the pages lie.</summary>
    public const string Folder = "/docs";

    /// <summary>The contract with clients and backends.</summary>
    public const string Contract = "protocol.md";

    /// <summary>The whole address of the contract, or null if it would repeat a name that nobody knows.</summary>
    public string? ContractAt(HttpRequest request) =>
        request.Host.HasValue && hosts.Knows(request.Host) ? $"{request.Scheme}://{request.Host}{request.PathBase}{Folder}/{Contract}" : null;
}
