using RealtimeHub.Tests.Conventions;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>A file of <c>deploy/</c> as we ship it, but for the places that it names.</summary>
internal static class DeployedFile
{
    public static string PathOf(string name) => Path.Combine(Source.Root, "deploy", name);

    /// <exception cref="InvalidOperationException">The file does not name one of the places, so the test would use what it must
    /// not.</exception>
    public static string Read(string name, params (string Theirs, string Ours)[] places)
    {
        var text = File.ReadAllText(PathOf(name));
        foreach (var (theirs, ours) in places)
        {
            text = text.Contains(theirs, StringComparison.Ordinal)
                ? text.Replace(theirs, ours, StringComparison.Ordinal)
                : throw new InvalidOperationException($"deploy/{name} does not say '{theirs}'.");
        }

        return text;
    }
}
