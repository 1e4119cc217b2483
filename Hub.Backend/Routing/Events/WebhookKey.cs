using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace RealtimeHub.Routing.Events;

/// <summary>A key of Standard Webhooks, by which a consumer knows that an event is the hub's.</summary>
internal sealed class WebhookKey
{
    private const string Prefix = "whsec_";
    private const int ShortestKey = 24;
    private const int LongestKey = 64;

    private readonly byte[] _key;

    private WebhookKey(byte[] key) => _key = key;

    public static bool TryParse(string text, [NotNullWhen(true)] out WebhookKey? key)
    {
        key = text.StartsWith(Prefix, StringComparison.Ordinal) && Base64.IsValid(text.AsSpan(Prefix.Length))
            && Convert.FromBase64String(text[Prefix.Length..]) is { Length: >= ShortestKey and <= LongestKey } bytes
            ? new WebhookKey(bytes)
            : null;
        return key is not null;
    }

    /// <summary>The signature of a message, as it stands in the header <c>webhook-signature</c>.</summary>
    public string Sign(string id, string timestamp, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, _key);
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hash.AppendData(body);
        return $"v1,{Convert.ToBase64String(hash.GetHashAndReset())}";
    }
}
