using System.Reflection;

namespace RealtimeHub.Operations;

/// <summary>Reads files that are embedded in the program.</summary>
internal static class Resource
{
    public static byte[] Read(Assembly assembly, string name)
    {
        using var stream = assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
