using RealtimeHub.Operations;

namespace RealtimeHub.Hosting;

/// <summary>Serves the pages of docs/ that error answers link to: those of this version, without the internet.</summary>
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
