using System.Security.Cryptography;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using RealtimeHub.Operations;

namespace RealtimeHub.Connections;

/// <summary>A script in one content coding.</summary>
/// <param name="Coding">As in <c>Content-Encoding</c>.</param>
/// <param name="Bytes">The encoded bytes.</param>
/// <param name="Tag">The ETag of these bytes, different for each coding (RFC 9110 section 8.8.3.3).</param>
internal sealed record CodedScript(string Coding, byte[] Bytes, EntityTagHeaderValue Tag)
{
    public const string Identity = "identity";

    private const int TagLength = 16;

    public static CodedScript Read(string name, string coding)
    {
        var bytes = Resource.Read(typeof(CodedScript).Assembly, coding == Identity ? name : $"{name}.{coding}");
        return new(coding, bytes, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes))[..TagLength]}\""));
    }

    /// <summary>
    /// How much a browser prefers this coding (RFC 9110 section 12.5.3); 0 means that it does not accept it. The coding identity is always
    /// accepted here, because an answer is better than none.
    /// </summary>
    public double QualityIn(IList<StringWithQualityHeaderValue> accepted)
    {
        var quality = (Find(accepted, Coding) ?? Find(accepted, "*")) is { } said ? said.Quality ?? 1 : 0;
        return Coding == Identity ? Math.Max(quality, double.Epsilon) : quality;
    }

    private static StringWithQualityHeaderValue? Find(IList<StringWithQualityHeaderValue> accepted, string coding) =>
        accepted.FirstOrDefault(value => StringSegment.Equals(value.Value, coding, StringComparison.OrdinalIgnoreCase));
}
