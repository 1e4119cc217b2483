using Mono.Cecil;

namespace RealtimeHub.Tests.Conventions;

/// <summary>
/// Where a type stands: the folder that its namespace is called like, or of its file where the framework's namespace is for hosts; and the
/// name of its file.
/// </summary>
internal readonly record struct Place(string Folder, string Type)
{
    private const string Root = "RealtimeHub";

    private static readonly Lazy<ILookup<string, string>> FoldersByFile = new(() => new[] { "Hub.Backend", "Hub.Server" }.SelectMany(Source.Of)
        .ToLookup(file => Path.GetFileNameWithoutExtension(file.Path), file => Path.GetDirectoryName(file.Path)!.Replace('\\', '/')));

    /// <summary>The step of the journey: the folder that a sub-folder belongs to.</summary>
    public string Step => Folder.Split('/')[0];

    /// <summary>What is nested stands where the type around it stands.</summary>
    public static Place Of(TypeReference type) => type.DeclaringType is { } around ? Of(around) : new(FolderOf(type), NameOf(type));

    /// <summary>
    /// Somebody has written it into this repository: it is not a library's, and not the compiler's, whose names nobody can write.
    /// </summary>
    public static bool IsOurs(TypeReference type) => type.DeclaringType is { } around
        ? IsOurs(around)
        : type.Scope.Name.StartsWith("Hub.", StringComparison.Ordinal) && !type.Name.Contains('<');

    public override string ToString() => $"{Folder}/{Type}";

    private static string FolderOf(TypeReference type) =>
        type.Namespace == Root || type.Namespace.StartsWith(Root + ".", StringComparison.Ordinal)
        ? type.Namespace[Root.Length..].TrimStart('.').Replace('.', '/')
        : FoldersByFile.Value[NameOf(type)].Single();

    private static string NameOf(TypeReference type) => type.Name.Split('`')[0];
}
