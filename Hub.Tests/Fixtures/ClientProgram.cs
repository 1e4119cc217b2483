using System.Diagnostics;
using System.Threading.Channels;
using RealtimeHub.Tests.Conventions;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>A client in a process of its own, spoken to by lines.</summary>
internal sealed class ClientProgram : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
    private readonly Func<string, Task<string?>> _answerTo;

    private ClientProgram(string program, string[] arguments, Func<string, Task<string?>>? answerTo)
    {
        _answerTo = answerTo ?? (_ => Task.FromResult<string?>(null));
        _process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        _ = ListenAsync();
    }

    /// <summary>Runs <c>Hub.Tests/Clients</c>.</summary>
    /// <param name="arguments">What its <c>Program</c> says.</param>
    /// <param name="answerTo">The line to answer one of its lines with, which then nobody else sees; null for no answer.</param>
    public static ClientProgram Dotnet(string[] arguments, Func<string, Task<string?>>? answerTo = null) =>
        new("dotnet", [Path.Combine(Source.Root, "Hub.Tests", "Clients", "bin", Source.Build, "Hub.Tests.Clients.dll"), .. arguments], answerTo);

    /// <summary>Runs a script of <c>Hub.Client.Js/tests</c>.</summary>
    /// <inheritdoc cref="Dotnet" />
    public static ClientProgram Node(string script, string[] arguments, Func<string, Task<string?>>? answerTo = null) =>
        new("node", [Path.Combine(Source.Root, "Hub.Client.Js", "tests", script), .. arguments], answerTo);

    public async Task WriteAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <summary>The next line that it has written.</summary>
    public Task<string> NextAsync() => _lines.Reader.ReadAsync().AsTask().WaitAsync(Deadline);

    /// <summary>All lines that it has written and nobody has read, once it has ended as it should.</summary>
    public async Task<IReadOnlyList<string>> ReadToEndAsync() =>
        await _lines.Reader.ReadAllAsync().ToListAsync().AsTask().WaitAsync(Deadline);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private async Task ListenAsync()
    {
        var error = _process.StandardError.ReadToEndAsync();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (await _answerTo(line) is { } answer)
            {
                await WriteAsync(answer);
            }
            else
            {
                _lines.Writer.TryWrite(line);
            }
        }

        await _process.WaitForExitAsync();
        _lines.Writer.Complete(_process.ExitCode == 0 ? null : new InvalidOperationException($"It ended with code {_process.ExitCode}. {await error}"));
    }
}
