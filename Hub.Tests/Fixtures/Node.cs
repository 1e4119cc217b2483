using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using RealtimeHub.Connections;
using RealtimeHub.Publishing;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>One running hub: the real program on Kestrel and a free port, logging everything at Trace.</summary>
public sealed class Node : WebApplicationFactory<PushHub>
{
    /// <summary>The key of the backend named <c>tests</c> in every node's HTTP API.</summary>
    public const string ApiKey = "a key that only tests use";

    /// <summary>The value of a setting that this fixture would otherwise give.</summary>
    public const string Unset = "";

    private readonly Dictionary<string, string> _settings;

    public Node(params (string Key, string Value)[] settings)
    {
        _settings = settings.ToDictionary(setting => setting.Key, setting => setting.Value);
        _settings.TryAdd("Api:Keys:tests", Sha256(ApiKey));
        _settings.TryAdd("Api:MessagesPerSecond", "0");
        _settings.TryAdd("Warmup:Enabled", "false");
        _settings.TryAdd("Canary:Enabled", "false");
        _settings.TryAdd("Drain:Time", "00:00:00");
        _settings["urls"] = "http://127.0.0.1:0";
        UseKestrel();
    }

    public Log Log { get; } = new();

    /// <summary>The time that the node goes by, which stands still until it is advanced; null for the machine's.</summary>
    public FakeTimeProvider? Time { get; init; }

    /// <summary>A file of settings beside the others, read anew whenever it is saved.</summary>
    public string? SettingsFile { get; init; }

    /// <summary>What a host adds to the hub.</summary>
    public Action<IServiceCollection>? Additions { get; init; }

    public Uri Address => Client.BaseAddress!;

    public HttpClient Client => field ??= StartedClient();

    internal ISpendingTokenStore Tokens => Services.GetRequiredService<ISpendingTokenStore>();

    public IHubContext<PushHub, IPushClient> Hub => Services.GetRequiredService<IHubContext<PushHub, IPushClient>>();

    public IPublisher Publisher => Services.GetRequiredService<IPublisher>();

    /// <summary>A node whose time stands still: no heartbeat and no check comes between what a test counts.</summary>
    public static Node StandingStillOn(RedisServer redis, params (string Key, string Value)[] settings) =>
        new([("Redis:Connection", redis.Connection), .. settings]) { Time = new FakeTimeProvider(TimeProvider.System.GetUtcNow()) };

    public static Node On(RedisServer redis, params (string Key, string Value)[] settings) =>
        new([("Redis:Connection", redis.Connection), .. settings]);

    public static string Sha256(string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));

    public async Task<string> MintAsync(string user, params string[] groups) =>
        (await Tokens.MintAsync(new TokenRecord { Subject = user, Groups = groups })).Reveal();

    /// <summary>A stock client that asks for its token as a web app's page would.</summary>
    public HubConnection ClientFor(
        Func<Task<string?>> token, HttpTransportType transport =
            HttpTransportType.WebSockets, bool skipNegotiation = false, string path = "hub") =>
        new HubConnectionBuilder().WithUrl(new Uri(Address, path), transport, options =>
        {
            options.AccessTokenProvider = token;
            options.SkipNegotiation = skipNegotiation;
        }).Build();

    public HubConnection ClientFor(string user, HttpTransportType transport = HttpTransportType.WebSockets, bool skipNegotiation = false) =>
        ClientFor(async () => await MintAsync(user), transport, skipNegotiation);

    public static HttpRequestMessage Api(string path, object body) => new(HttpMethod.Post, path)
    {
        Headers = { { "X-Api-Key", ApiKey } },
        Content = System.Net.Http.Json.JsonContent.Create(body),
    };

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Log.Leaks.Should().BeEmpty("no run may log a secret");
        GC.SuppressFinalize(this);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (key, value) in _settings.Where(setting => setting.Value != Unset))
        {
            builder.UseSetting(key, value);
        }

        foreach (var category in (string[])["Default", "Microsoft.AspNetCore", "Microsoft.AspNetCore.DataProtection", "Microsoft.AspNetCore.Hosting.Diagnostics"])
        {
            builder.UseSetting($"Logging:LogLevel:{category}", "Trace");
        }

        if (SettingsFile is not null)
        {
            builder.ConfigureAppConfiguration(
                configuration => configuration.AddJsonFile(SettingsFile, optional: false, reloadOnChange: true));
        }

        if (Additions is not null)
        {
            builder.ConfigureTestServices(Additions);
        }

        if (Time is not null)
        {
            builder.ConfigureTestServices(services => services.AddSingleton<TimeProvider>(Time));
        }

        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Log));
    }

    private HttpClient StartedClient()
    {
        StartServer();
        Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)).Should()
            .BeTrue();
        var addresses = Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>();
        return new HttpClient { BaseAddress = new Uri(addresses.Addresses.Single()) };
    }
}
