using RealtimeHub.Operations;

namespace RealtimeHub.Hosting;

/// <summary>Serves the pages of docs/ that error answers link to, so that they match this version and need no internet.</summary>
internal static class DocumentationPages
{
    private static readonly string[] Pages = [DocumentationLink.Contract, "operations.md"];

    /// <summary>Maps the pages, as Markdown text.</summary>
    public static void MapDocumentationPages(this IEndpointRouteBuilder endpoints)
    {
        foreach (var page in Pages)
        {
            var text = Resource.Read(typeof(DocumentationPages).Assembly, page);
            endpoints.MapGet($"{DocumentationLink.Folder}/{page}", () => TypedResults.Bytes(text, "text/plain; charset=utf-8")).ExcludeFromDescription();
        }
    }
}
