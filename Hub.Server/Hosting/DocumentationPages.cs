using RealtimeHub.Operations;

namespace RealtimeHub.Hosting;

/// <summary>The pages that say more than a sentence can. They are part of the program, so they are those of its version, and lead somewhere without the internet.</summary>
internal static class DocumentationPages
{
    private static readonly string[] Pages = [DocumentationLink.Contract, "operations.md"];

    /// <summary>Maps them as the text that they are.</summary>
    public static void MapDocumentationPages(this IEndpointRouteBuilder endpoints)
    {
        foreach (var page in Pages)
        {
            var text = Resource.Read(typeof(DocumentationPages).Assembly, page);
            endpoints.MapGet($"{DocumentationLink.Folder}/{page}", () => TypedResults.Bytes(text, "text/plain; charset=utf-8")).ExcludeFromDescription();
        }
    }
}
