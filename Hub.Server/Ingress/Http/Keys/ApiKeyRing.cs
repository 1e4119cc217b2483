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
    private readonly IOptionsFactory<ApiOptions> _options;
    private readonly DevelopmentKey _development;
    private readonly CanaryKey _canary;
    private readonly ILogger<ApiKeyRing> _logger;
    private readonly IDisposable _reloads;
    private volatile (string Name, byte[] Hash)[] _keys;

    public ApiKeyRing(
        IOptionsFactory<ApiOptions> options, DevelopmentKey development, CanaryKey canary, IConfiguration configuration,
        ILogger<ApiKeyRing> logger)
    {
        (_options, _development, _canary, _logger) = (options, development, canary, logger);
        _keys = Read();
        _reloads = ChangeToken.OnChange(configuration.GetReloadToken, Reload);
    }

    public bool IsEmpty => _keys.Length == 0;

    public bool HasDevelopmentKeyOnly => _keys is [{ Name: DevelopmentKey.Name }];

    /// <summary>The name that the key is configured under, or null.</summary>
    /// <remarks>Takes the same time for every key, right or wrong: the hashes have one length, and all of them are compared.</remarks>
    public string? NameOf(string key)
    {
        Span<byte> shown = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(key), shown);
        var found = _canary.Matches(shown) ? CanaryKey.Name : null;
        foreach (var (name, hash) in _keys)
        {
            found = CryptographicOperations.FixedTimeEquals(shown, hash) ? name : found;
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
                Log.KeysRead(_logger, string.Join(", ", keys.CountBy(key => key.Name).Select(count => $"{count.Key} ({count.Value})")));
            }
        }
        catch (OptionsValidationException mistake)
        {
            Log.KeysKept(_logger, mistake.Message);
        }
    }

    private (string Name, byte[] Hash)[] Read()
    {
        (string Name, byte[] Hash)[] configured =
            [.. _options.Create(Options.DefaultName).Keys.SelectMany(
                key => ApiOptions.Split(key.Value), (key, hash) => (key.Key, Convert.FromHexString(hash)))];
        return configured.Length > 0 || _development.Hash is not { } made
            ? configured
            : [(DevelopmentKey.Name, Convert.FromHexString(made))];
    }

    private static string Text((string Name, byte[] Hash) key) => $"{key.Name} {Convert.ToHexStringLower(key.Hash)}";

    private static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The keys of the HTTP API have changed. Known by now, with the number of their keys: {Names}.", EventName = "ApiKeysRead")]
        public static partial void KeysRead(ILogger logger, string names);

        [LoggerMessage(2, LogLevel.Error, "The changed configuration has mistakes, so the keys of the HTTP API stay as they were: {Mistakes}", EventName = "ApiKeysKept")]
        public static partial void KeysKept(ILogger logger, string mistakes);
    }
}
