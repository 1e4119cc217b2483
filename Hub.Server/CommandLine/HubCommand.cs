using System.CommandLine;

namespace RealtimeHub.CommandLine;

/// <summary>A command whose help ends with examples, each a line to copy.</summary>
internal abstract class HubCommand(string name, string description, string[] examples) : Command(name, description)
{
    public IReadOnlyList<string> Examples => examples;
}
