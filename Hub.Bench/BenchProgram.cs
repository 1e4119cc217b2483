namespace RealtimeHub.Bench;

/// <summary>The entry point, under a name that is not that of the server's.</summary>
internal static class BenchProgram
{
    private static Task<int> Main(string[] arguments) => BenchCommandLine.RunAsync(arguments);
}
