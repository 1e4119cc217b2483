using System.Text.Json;
using RealtimeHub.Tests.Conventions;

namespace RealtimeHub.Tests.Client.Vectors;

/// <summary>The vectors of one topic, as a file of <c>docs/vectors</c> has them.</summary>
internal sealed record VectorFile(string About, IReadOnlyList<Vector> Vectors)
{
    private static readonly string Folder = Path.Combine(Source.Root, "docs", "vectors");

    /// <summary>Every topic that there is a file for.</summary>
    public static IEnumerable<string> Topics => Directory.EnumerateFiles(Folder).Select(file => Path.GetFileNameWithoutExtension(file)!);

    public static VectorFile Of(string topic) =>
        JsonSerializer.Deserialize<VectorFile>(File.ReadAllText(Path.Combine(Folder, $"{topic}.json")), JsonSerializerOptions.Web)!;
}
