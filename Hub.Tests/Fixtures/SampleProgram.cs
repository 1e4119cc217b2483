using RealtimeHub.Tests.Conventions;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>A program of <c>samples/</c>, built beside the tests.</summary>
internal static class SampleProgram
{
    /// <summary>Its assembly, in the configuration that the tests are built in.</summary>
    public static string Assembly(string folder, string name) =>
        Path.Combine(Source.Root, "samples", folder, "bin", Source.Build, $"{name}.dll");

    /// <summary>All of its code.</summary>
    public static string Code(string folder) => string.Join('\n', Source.Of($"samples/{folder}").Select(file => file.Text));
}
