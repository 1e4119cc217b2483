using Mono.Cecil;

namespace RealtimeHub.Tests.Conventions;

/// <summary>Where a type stands: its namespace as the folder that is called like it, and the name of its file.</summary>
internal readonly record struct Place(string Folder, string Type)
{
    private const string Root = "RealtimeHub";

    /// <summary>The step of the journey: the folder that a sub-folder belongs to.</summary>
    public string Step => Folder.Split('/')[0];

    /// <summary>What is nested stands where the type around it stands.</summary>
    public static Place Of(TypeReference type) => type.DeclaringType is { } around ? Of(around) : new(FolderOf(type.Namespace), type.Name.Split('`')[0]);

    /// <summary>Somebody has written it into this repository: it is not a library's, and not the compiler's.</summary>
    public static bool IsOurs(TypeReference type) => type.DeclaringType is { } around
        ? IsOurs(around)
        : (type.Namespace == Root || type.Namespace.StartsWith(Root + ".", StringComparison.Ordinal)) && !type.Name.Contains('<');

    public override string ToString() => $"{Folder}/{Type}";

    private static string FolderOf(string name) => name == Root ? "" : name[(Root.Length + 1)..].Replace('.', '/');
}
