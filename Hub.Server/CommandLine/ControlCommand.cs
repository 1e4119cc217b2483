using System.CommandLine;
using RealtimeHub.Control;
using RealtimeHub.Nodes;
using RealtimeHub.Operations;

namespace RealtimeHub.CommandLine;

/// <summary>A command that acts on the connections of a user, on whichever nodes they are.</summary>
internal abstract class ControlCommand(
    string name, string description, Func<string[], Action<IServiceCollection>, WebApplication> build, string[] examples)
    : RedisCommand(name, description, build, examples)
{
    protected override string TryingAgain => "It may be done in part: try again.";

    /// <summary>What is wrong with what was asked for; null if nothing is.</summary>
    protected abstract string? MistakeIn(ParseResult parsed, TimeProvider time);

    /// <exception cref="TimeoutException">A node does not answer.</exception>
    /// <exception cref="NotSupportedException">A node is of a version that cannot.</exception>
    protected abstract Task<Outcome> ActAsync(ParseResult parsed, IConnectionControl control);

    protected override async Task<Outcome> DoAsync(ParseResult parsed, IServiceProvider services)
    {
        if (MistakeIn(parsed, services.GetRequiredService<TimeProvider>()) is { } mistake)
        {
            return Outcome.Refused(mistake);
        }

        try
        {
            await services.GetRequiredService<AnswerListener>().StartAsync();
            return await ActAsync(parsed, services.GetRequiredService<IConnectionControl>());
        }
        catch (Exception silent) when (silent is TimeoutException or NotSupportedException)
        {
            return Outcome.Failed(CommandLine.ExitCode.NodeSilent, "node_unavailable", silent.Message);
        }
    }

    /// <summary>The number of connections, as a sentence says it.</summary>
    protected static string Counted(int connections) => connections == 1 ? "1 connection" : $"{connections} connections";

    /// <summary>What is wrong with a name that may be left out.</summary>
    protected static string? MistakeInName(string what, string? name, int longest = Identifier.MaxLength) =>
        name is null || Identifier.IsValid(name, longest) ? null : $"The {what} must be 1 to {longest} characters without control characters.";
}
