namespace RealtimeHub.Operations;

/// <summary>The address of the documentation, for answers that refuse something.</summary>
internal sealed class DocumentationLink(HostGuard hosts)
{
    /// <summary>The path of the pages.</summary>
    public const string Folder = "/docs";

    /// <summary>The contract with clients and backends.</summary>
    public const string Contract = "protocol.md";

    /// <summary>
    /// The absolute address of the contract, or null if the request's host is not known to be ours: an answer must not repeat it.
    /// </summary>
    public string? ContractAt(HttpRequest request) =>
        request.Host.HasValue && hosts.Knows(request.Host) ? $"{request.Scheme}://{request.Host}{request.PathBase}{Folder}/{Contract}" : null;
}
