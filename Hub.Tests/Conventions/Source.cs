using System.Runtime.CompilerServices;

namespace RealtimeHub.Tests.Conventions;

/// <summary>The repository's own source.</summary>
internal static class Source
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    /// <summary>All C# files of a project, as paths from its folder.</summary>
    public static IEnumerable<(string Path, string Text)> Of(string project)
    {
        var folder = Path.Combine(Root, project);
        return Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Where(file => !file.StartsWith("bin/", StringComparison.Ordinal) && !file.StartsWith("obj/", StringComparison.Ordinal))
            .Select(file => (file, File.ReadAllText(Path.Combine(folder, file))));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
