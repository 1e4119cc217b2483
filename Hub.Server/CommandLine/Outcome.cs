using System.Text.Encodings.Web;
using System.Text.Json;

namespace RealtimeHub.CommandLine;

/// <summary>The result of a command, for people and, with <c>--json</c>, for programs.</summary>
/// <param name="ExitCode">One of <see cref="CommandLine.ExitCode"/>.</param>
/// <param name="Text">The result and nothing else, or what went wrong and what to do next.</param>
/// <param name="Json">The same as an object that is serialized.</param>
internal sealed record Outcome(int ExitCode, string Text, object Json)
{
    private static readonly JsonSerializerOptions Readable =
        new(JsonSerializerOptions.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether the command succeeded, so that the text belongs on standard output.</summary>
    public bool IsResult { get; init; } = ExitCode == CommandLine.ExitCode.Done;

    /// <summary>Whether the result has been written already.</summary>
    public bool IsWritten { get; init; }

    /// <summary>What a person at a terminal should know besides the result. Not written for programs.</summary>
    public string? Hint { get; init; }

    public static Outcome Done(string text, object json) => new(CommandLine.ExitCode.Done, text, json);

    /// <summary>The end of a command that has written its results as they came.</summary>
    /// <param name="hint">What a person at a terminal should know.</param>
    public static Outcome Ended(string? hint) => new(CommandLine.ExitCode.Done, "", "") { IsWritten = true, Hint = hint };

    /// <param name="exitCode">Not 0.</param>
    /// <param name="code">Words joined by underscores, as in the problem details of the HTTP API.</param>
    /// <param name="detail">What went wrong and what to do next. Never holds a secret.</param>
    public static Outcome Failed(int exitCode, string code, string detail) => new(exitCode, detail, new { error = new { code, detail } });

    /// <summary>A rule forbids what was asked for; nothing was done.</summary>
    public static Outcome Refused(string detail) => Failed(CommandLine.ExitCode.Refused, "refused", detail);

    public static Outcome WrongUsage(string detail) => Failed(CommandLine.ExitCode.WrongUsage, "usage", detail);

    /// <summary>Writes the result to standard output and everything else to standard error.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> WriteAsync(bool asJson)
    {
        if (!IsWritten)
        {
            var to = asJson || IsResult ? Console.Out : Console.Error;
            await to.WriteLineAsync(asJson ? JsonSerializer.Serialize(Json, Readable) : Text);
        }

        if (Hint is not null && !Console.IsOutputRedirected)
        {
            await Console.Error.WriteLineAsync(Hint);
        }

        return ExitCode;
    }

    // A record would print its members, and the result may be a token.
    public override string ToString() => $"{nameof(Outcome)} with exit code {ExitCode}";
}
