namespace RealtimeHub.Operations;

/// <summary>The pages that say more than a sentence can. They are part of the program, so they are those of its version, and lead somewhere without the internet.</summary>
internal sealed class DocumentationPages(HostGuard hosts)
{
    private const string Folder = "/docs";

    private static readonly string[] Pages = ["protocol.md", "operations.md"];

    /// <summary>The whole address of what the contract is in words, or null if it would repeat a name that nobody knows.</summary>
    public string? ContractAt(HttpRequest request) =>
        request.Host.HasValue && hosts.Knows(request.Host) ? $"{request.Scheme}://{request.Host}{request.PathBase}{Folder}/{Pages[0]}" : null;

    /// <summary>Maps them as the text that they are.</summary>
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        foreach (var page in Pages)
        {
            var text = Resource.Read(page);
            endpoints.MapGet($"{Folder}/{page}", () => TypedResults.Bytes(text, "text/plain; charset=utf-8")).ExcludeFromDescription();
        }
    }
}
