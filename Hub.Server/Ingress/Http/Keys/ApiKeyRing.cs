using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using RealtimeHub.Insight;

namespace RealtimeHub.Ingress.Http.Keys;

/// <summary>
/// The hashes of all configured keys, or in Development of the one that was made, read again whenever the configuration changes.
/// </summary>
internal sealed partial class ApiKeyRing : IDisposable
{
    private static readonly ApiBackend Canary = new(CanaryKey.Name, ApiScope.Publish | ApiScope.Mint);

    private readonly IOptionsFactory<ApiOptions> _options;
    private readonly DevelopmentKey _development;
    private readonly CanaryKey _canary;
    private readonly ILogger<ApiKeyRing> _logger;
    private readonly IDisposable _reloads;
    private volatile (ApiBackend Backend, byte[] Hash)[] _keys;

    public ApiKeyRing(
        IOptionsFactory<ApiOptions> options, DevelopmentKey development, CanaryKey canary, IConfiguration configuration,
        ILogger<ApiKeyRing> logger)
    {
        (_options, _development, _canary, _logger) = (options, development, canary, logger);
        _keys = Read();
        _reloads = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    public bool IsEmpty => _keys.Length == 0;

    public bool HasDevelopmentKeyOnly => _keys is [{ Backend.Name: DevelopmentKey.Name }];

    /// <summary>Whose key it is, or null.</summary>
    /// <remarks>Takes the same time for every key, right or wrong: the hashes have one length, and all of them are compared.</remarks>
    public ApiBackend? Find(string key)
    {
        Span<byte> shown = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), shown);
        var found = _canary.Matches(shown) ? Canary : null;
        foreach (var (backend, hash) in _keys)
        {
            found = CryptographicOperations.FixedTimeEquals(shown, hash) ? backend : found;
        }

        return found;
    }

    public void Dispose() => _reloads.Dispose();

    // A file that is half saved, or has a typing error, must not lock every backend out.
    private void Reload()
    {
        try
        {
            var keys = Read();
            if (!keys.Select(Text).SequenceEqual(_keys.Select(Text)))
            {
                _keys = keys;
                Log.KeysRead(_logger, string.Join(", ", keys.CountBy(key => key.Backend.Name).Select(count => $"{count.Key} ({count.Value})")));
            }
        }
        catch (OptionsValidationException mistake)
        {
            Log.KeysKept(_logger, mistake.Message);
        }
    }

    private (ApiBackend Backend, byte[] Hash)[] Read()
    {
        var options = _options.Create(Options.DefaultName);
        (ApiBackend Backend, byte[] Hash)[] configured =
            [.. options.Keys.SelectMany(
                key => ApiOptions.Split(key.Value),
                (key, hash) => (new ApiBackend(key.Key, ScopesOf(options, key.Key)), Convert.FromHexString(hash)))];
        return configured.Length > 0 || _development.Hash is not { } made
            ? configured
            : [(new ApiBackend(DevelopmentKey.Name, ApiScope.All), Convert.FromHexString(made))];
    }

    private static ApiScope ScopesOf(ApiOptions options, string name) =>
        options.Scopes.TryGetValue(name, out var words) ? ApiScopes.Parse(words) ?? ApiScope.None : ApiScope.All;

    private static string Text((ApiBackend Backend, byte[] Hash) key) => $"{key.Backend} {Convert.ToHexStringLower(key.Hash)}";

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The keys of the HTTP API have changed. Known by now, with the number of their keys: {Names}.", EventName = "ApiKeysRead")]
        public static partial void KeysRead(ILogger logger, string names);

        [LoggerMessage(2, LogLevel.Error, "The changed configuration has mistakes, so the keys of the HTTP API stay as they were: {Mistakes}", EventName = "ApiKeysKept")]
        public static partial void KeysKept(ILogger logger, string mistakes);
    }
}
