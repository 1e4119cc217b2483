using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using StackExchange.Redis;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>A redis-server of this test's own on a free loopback port, ended with the test.</summary>
public sealed partial class RedisServer : IAsyncLifetime, IDisposable
{
    private static readonly string[] Housekeeping = ["cmdstat_info", "cmdstat_config|resetstat", "cmdstat_ping"];

    private Process? _process;
    private ConnectionMultiplexer? _admin;

    public int Port { get; private set; }

    /// <summary>The connection string for nodes.</summary>
    public string Connection => $"127.0.0.1:{Port}";

    public IDatabase Database => Admin.GetDatabase();

    public StackExchange.Redis.IServer Server => Admin.GetServer("127.0.0.1", Port);

    private ConnectionMultiplexer Admin => _admin ?? throw new InvalidOperationException("Redis was not started.");

    public async Task InitializeAsync()
    {
        Port = LoopbackPort.Next();
        await StartAsync();
    }

    /// <summary>Ends Redis as a crash would.</summary>
    public void Kill()
    {
        _process!.Kill();
        _process.WaitForExit();
    }

    /// <summary>Lets it answer nothing, while its connections stand.</summary>
    public Task PauseAsync() => SignalAsync("STOP");

    /// <summary>Ends the pause.</summary>
    public Task ContinueAsync() => SignalAsync("CONT");

    /// <summary>Starts it again, empty, on the same port.</summary>
    public async Task RestartAsync()
    {
        _admin!.Dispose();
        await StartAsync();
    }

    /// <summary>Lets time pass for every key and every message of a log: each dies as much sooner by Redis's own clock.</summary>
    public async Task AdvanceAsync(TimeSpan time)
    {
        foreach (var key in Server.Keys().ToList())
        {
            var deadline = await Database.KeyExpireTimeAsync(key);
            if (key.ToString().EndsWith(":log", StringComparison.Ordinal))
            {
                await AgeLogAsync(key, time);
            }
            else if (key.ToString().EndsWith(":head", StringComparison.Ordinal) && await Database.HashExistsAsync(key, "renewed"))
            {
                await Database.HashDecrementAsync(key, "renewed", (long)time.TotalSeconds);
            }
            else if (key.ToString().EndsWith(":epoch", StringComparison.Ordinal))
            {
                foreach (var field in (await Database.HashKeysAsync(key)).Where(field => field != "reason"))
                {
                    await Database.HashDecrementAsync(key, field, (long)time.TotalMilliseconds);
                }
            }

            else if (key.ToString().EndsWith(":reconnects", StringComparison.Ordinal))
            {
                foreach (var kept in await Database.HashGetAllAsync(key))
                {
                    await Database.HashSetAsync(key, kept.Name, Until().Replace($"{kept.Value}", at => Earlier(at.Value, (long)time.TotalMilliseconds)));
                }
            }
            else if (key.ToString().EndsWith(":receipts", StringComparison.Ordinal))
            {
                foreach (var receipt in await Database.HashGetAllAsync(key))
                {
                    await Database.HashSetAsync(
                        key, receipt.Name, HandledAt().Replace($"{receipt.Value}", at => Earlier(at.Value, (long)time.TotalMilliseconds)));
                }
            }
            else if (key.ToString().EndsWith(":groups", StringComparison.Ordinal))
            {
                await AgeGroupsAsync(key, time);
            }
            else if (key.ToString().EndsWith(":presence", StringComparison.Ordinal) && await Database.HashExistsAsync(key, "leaving"))
            {
                await Database.HashDecrementAsync(key, "leaving", (long)time.TotalMilliseconds);
            }
            else if (key.ToString().EndsWith(":due", StringComparison.Ordinal))
            {
                foreach (var member in await Database.SortedSetRangeByRankAsync(key))
                {
                    await Database.SortedSetDecrementAsync(key, member, time.TotalMilliseconds);
                }
            }

            if (deadline is not null)
            {
                await Database.KeyExpireAsync(key, deadline - time);
            }
        }
    }

    private async Task AgeGroupsAsync(RedisKey key, TimeSpan time)
    {
        foreach (var field in await Database.HashGetAllAsync(key))
        {
            if ($"{field.Value}".Split(' ') is ["1", var until] && long.TryParse(until, CultureInfo.InvariantCulture, out var ends))
            {
                await Database.HashSetAsync(key, field.Name, $"1 {ends - (long)time.TotalMilliseconds}");
            }
        }
    }

    public Task ResetCommandCallsAsync() => Server.ConfigResetStatisticsAsync();

    /// <summary>
    /// How often each command was called since the last reset, by Redis's own statistics. Without those by which this fixture asks for
    /// them, and the client library looks once a minute whether its connections live.
    /// </summary>
    public async Task<IReadOnlyDictionary<string, int>> CommandCallsAsync()
    {
        var sections = await Server.InfoAsync("commandstats");
        return sections.SelectMany(section => section).Where(line => !Housekeeping.Contains(line.Key)).ToDictionary(
            line => line.Key["cmdstat_".Length..],
            line => int.Parse(line.Value.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture));
    }

    public Task DisposeAsync()
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _admin?.Dispose();
        if (_process is { HasExited: false })
        {
            Kill();
        }

        _process?.Dispose();
    }

    /// <summary>Writes a log anew with the same ids, but published earlier.</summary>
    private async Task AgeLogAsync(RedisKey log, TimeSpan time)
    {
        var entries = await Database.StreamRangeAsync(log);
        await Database.KeyDeleteAsync(log);
        foreach (var entry in entries)
        {
            await Database.StreamAddAsync(log, [.. entry.Values.Select(Aged)], entry.Id);
        }

        NameValueEntry Aged(NameValueEntry field) =>
            field.Name == "record" ? new(field.Name, PublishedAt().Replace($"{field.Value}", at => Earlier(at.Value, (long)time.TotalSeconds))) : field;
    }

    private static string Earlier(string number, long by) => $"{long.Parse(number, CultureInfo.InvariantCulture) - by}";

    [GeneratedRegex("(?<=\nat )[0-9]+")]
    private static partial Regex PublishedAt();

    [GeneratedRegex("(?<=@)[0-9]+")]
    private static partial Regex HandledAt();

    [GeneratedRegex("(?<=\nuntil )[0-9]+")]
    private static partial Regex Until();

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{_process!.Id}"]);
        await kill.WaitForExitAsync();
    }

    private async Task StartAsync()
    {
        _process = Run("redis-server", "--port", $"{Port}", "--bind", "127.0.0.1", "--save", "", "--appendonly", "no");
        await ReadyAsync(_process);
        _admin = await ConnectionMultiplexer.ConnectAsync($"127.0.0.1:{Port},allowAdmin=true");
    }

    internal static Process Run(string command, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true })!;

    /// <summary>Waits for the line with which Redis says that it is ready.</summary>
    internal static async Task ReadyAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (line.Contains("eady to accept connections", StringComparison.Ordinal) || line.Contains("+monitor", StringComparison.Ordinal))
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return;
            }
        }

        throw new InvalidOperationException("redis-server ended before it was ready.");
    }
}
