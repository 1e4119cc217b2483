using System.Text.Json;
using System.Text.Json.Nodes;

namespace RealtimeHub.Authentication;

/// <summary>SignalR's answer to a negotiate, in which a grant can be put.</summary>
internal sealed class NegotiateAnswer(JsonObject json)
{
    /// <summary>
    /// The secret by which the connection is reached, or null if none was made, as for a client that speaks an older protocol.
    /// Before version 1 of the protocol the connection id was that secret.
    /// </summary>
    public string? ConnectionToken => (string?)json["connectionToken"] ?? (string?)json["connectionId"];

    public static NegotiateAnswer? Parse(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonNode.Parse(body) is JsonObject json ? new NegotiateAnswer(json) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The answer with the credential that the client shows from now on.</summary>
    public byte[] With(string grant)
    {
        json["accessToken"] = grant;
        return JsonSerializer.SerializeToUtf8Bytes(json);
    }
}
