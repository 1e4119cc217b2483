using System.Reflection;
using Mono.Cecil;

namespace RealtimeHub.Tests.Conventions;

/// <summary>Which type of an assembly names which, however its source writes that.</summary>
/// <remarks>The compiler folds constants and <c>nameof</c>: what a type names by them alone is not seen here.</remarks>
internal static class CompiledReferences
{
    public static IReadOnlyList<Reference> In(Assembly assembly) => InTypes(assembly, module => module.GetTypes());

    /// <summary>What a nested type names, and what the compiler has made of it.</summary>
    public static IReadOnlyList<Reference> In(Type nested) =>
        InTypes(nested.Assembly, module => WithNested(module.GetType(nested.FullName!.Replace('+', '/'))));

    /// <summary>The namespaces of all that somebody has written; what the compiler adds has names that nobody can write.</summary>
    public static IReadOnlyList<string> NamespacesIn(Assembly assembly)
    {
        using var module = Open(assembly);
        return [.. module.Types.Where(type => !type.Name.Contains('<')).Select(type => type.Namespace).Distinct()];
    }

    private static Reference[] InTypes(Assembly assembly, Func<ModuleDefinition, IEnumerable<TypeDefinition>> select)
    {
        using var module = Open(assembly);
        return [.. select(module).Where(Place.IsOurs)
            .SelectMany(type => TypeNames.In(type).Where(Place.IsOurs).Select(named => new Reference(Place.Of(type), Place.Of(named))))
                .Distinct()];
    }

    private static IEnumerable<TypeDefinition> WithNested(TypeDefinition type) => type.NestedTypes.SelectMany(WithNested).Prepend(type);

    /// <summary>Attributes say which enumeration their values are of only where its assembly is found.</summary>
    private static ModuleDefinition Open(Assembly assembly)
    {
        var resolver = new DefaultAssemblyResolver();
        var loaded = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        foreach (var folder in loaded.Split(Path.PathSeparator).Select(Path.GetDirectoryName).Distinct())
        {
            resolver.AddSearchDirectory(folder);
        }

        return ModuleDefinition.ReadModule(assembly.Location, new ReaderParameters { AssemblyResolver = resolver });
    }
}
