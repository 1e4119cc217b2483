using System.Runtime.CompilerServices;

namespace RealtimeHub.Tests.Conventions;

/// <summary>The repository's own source.</summary>
internal static class Source
{
    private static readonly string[] Built = ["bin", "obj"];

    public static string Root { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", ".."));

    /// <summary>How the tests are built, and so what is built beside them, such as <c>Release/net10.0</c>.</summary>
    public static string Build { get; } = Path.GetRelativePath(Path.Combine(Root, "Hub.Tests", "bin"), AppContext.BaseDirectory);

    /// <summary>All C# files of a project, and of what it has in its folders, as paths from its folder.</summary>
    public static IEnumerable<(string Path, string Text)> Of(string project)
    {
        var folder = Path.Combine(Root, project);
        return Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(folder, file).Replace('\\', '/'))
            .Where(file => !file.Split('/').Intersect(Built).Any())
            .Select(file => (file, File.ReadAllText(Path.Combine(folder, file))));
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
