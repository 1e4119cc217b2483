using System.Diagnostics;
using System.Text.Json;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>One run of a program from beginning to end, mostly of the server's executable, as a shell sees it.</summary>
internal sealed record CommandRun(int ExitCode, string Output, string Error)
{
    /// <summary>Where the executable and what it needs lie.</summary>
    public static string Directory { get; } = Path.GetDirectoryName(typeof(Program).Assembly.Location)!;

    /// <summary>The whole of standard output as JSON.</summary>
    public JsonElement Json => JsonElement.Parse(Output);

    /// <summary>The connection string for commands that are to succeed, however busy this machine is.</summary>
    public static string Patiently(RedisServer redis) => $"{redis.Connection},connectTimeout=30000,asyncTimeout=30000";

    /// <summary>Runs with nothing in standard input.</summary>
    public static Task<CommandRun> OfAsync(params string[] arguments) => WithInputAsync("", arguments);

    public static Task<CommandRun> WithInputAsync(string input, params string[] arguments) =>
        OfProgramAsync("dotnet", [typeof(Program).Assembly.Location, .. arguments], [], input);

    /// <summary>Runs another program that runs the executable, which it finds by its name, on this Redis.</summary>
    public static Task<CommandRun> InShellAsync(RedisServer redis, string program, params string[] arguments) =>
        OfProgramAsync(program, arguments, new()
        {
            ["PATH"] = $"{Directory}:{Environment.GetEnvironmentVariable("PATH")}",
            ["Redis__Connection"] = Patiently(redis),
        });

    /// <summary>Runs any program, with more in its environment than the tests have in theirs. A minute is enough for most.</summary>
    public static async Task<CommandRun> OfProgramAsync(
        string program, string[] arguments, Dictionary<string, string?> environment, string input = "", TimeSpan? timeout = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await FeedAsync(process.StandardInput, input);
        try
        {
            await process.WaitForExitAsync().WaitAsync(timeout ?? TimeSpan.FromMinutes(1));
        }
        catch (TimeoutException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return new CommandRun(process.ExitCode, await output, await error);
    }

    private static async Task FeedAsync(StreamWriter to, string input)
    {
        try
        {
            await to.WriteAsync(input);
            to.Close();
        }
        catch (IOException)
        {
            // It has ended without reading all of it, as it may.
        }
    }
}
