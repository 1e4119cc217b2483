using System.Text;

namespace RealtimeHub.Bench.Report;

/// <summary>What a run says: what its reader must know, what shall hold and whether it does, and then every table.</summary>
internal static class Page
{
    public static string Render(Book book) => new StringBuilder()
        .AppendJoin('\n', book.Remarks).Append(book.Remarks.Count > 0 ? "\n\n" : "")
        .Append(Goals(book)).Append('\n')
        .Append(Table.Render(book))
        .ToString();

    /// <summary>The goals, with what was measured.</summary>
    public static string Goals(Book book) => new StringBuilder("| what | at most | measured | holds |\n| --- | --- | --- | --- |\n")
        .AppendJoin('\n', Report.Goals.All.Select(goal => goal.Row(book))).Append('\n').ToString();
}
