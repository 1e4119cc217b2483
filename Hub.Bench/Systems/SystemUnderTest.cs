using System.Diagnostics;
using RealtimeHub.Bench.Load;
using StackExchange.Redis;

namespace RealtimeHub.Bench.Systems;

/// <summary>A system that is measured: how its server is started, and how clients get in and talk.</summary>
internal abstract class SystemUnderTest
{
    /// <summary>What it is called in tables.</summary>
    public abstract string Name { get; }

    /// <summary>Why it cannot run on this machine, and what to do about it; null if it can.</summary>
    public virtual string? Missing => null;

    public abstract IDialect Dialect { get; }

    /// <summary>Whether several of its nodes are one system.</summary>
    public virtual bool HasNodes => true;

    public virtual bool HasGroups => true;

    /// <summary>Whether its servers run on .NET, with the hook.</summary>
    public virtual bool IsDotNet => true;

    /// <summary>How its server is started.</summary>
    public abstract ProcessStartInfo Launch(int port, string redis);

    /// <summary>A token for each, good for one connection.</summary>
    public abstract Task<string[]> MintAsync(IDatabase redis, IReadOnlyList<Visitor> visitors);

    public override string ToString() => Name;

    /// <summary>A .NET program as it was built, with the hook.</summary>
    internal static ProcessStartInfo DotNet(string program, params string[] arguments) => Hooked("dotnet", [program, .. arguments]);

    /// <summary>A .NET program with a hook by which it can be told to collect its garbage, and asked what it has compiled.</summary>
    protected static ProcessStartInfo Hooked(string program, params string[] arguments) => new(program, arguments)
    {
        Environment =
        {
            ["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location,
            ["Logging__LogLevel__Default"] = "Warning",
            ["BENCH_API_KEY"] = Requests.ApiKey,
        },
    };

    internal static string BesideThis(string file) => Path.Combine(AppContext.BaseDirectory, file);
}
