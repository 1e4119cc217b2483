using System.Text.Json;
using System.Text.Json.Nodes;

namespace RealtimeHub.Authentication.Binding;

/// <summary>SignalR's answer to a negotiate, to which a grant can be added.</summary>
internal sealed class NegotiateAnswer
{
    private const string TokenField = "connectionToken";

    private readonly JsonObject _json;

    private NegotiateAnswer(JsonObject json)
    {
        _json = json;
        Connection = (Text("connectionId"), Text(TokenField)) switch
        {
            ({ } id, { } token) => NegotiatedConnection.Create(id, token),
            ({ } id, null) => NegotiatedConnection.OfOldestProtocol(id),
            _ => null,
        };
    }

    /// <summary>The connection that was made, or null if there is none, as for a client whose protocol is too old for the hub.</summary>
    public NegotiatedConnection? Connection { get; }

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

    /// <summary>
    /// The answer with the credential that the client shows from now on, and our name for the connection in place of SignalR's.
    /// </summary>
    /// <param name="grant">The credential.</param>
    /// <param name="lifetime">How many seconds the token lets the connection stay, where it can be renewed.</param>
    public byte[] With(Grant grant, int? lifetime)
    {
        _json["accessToken"] = grant.Reveal();
        if (lifetime is { } seconds)
        {
            _json["tokenLifetimeSeconds"] = seconds;
        }

        if (_json.ContainsKey(TokenField))
        {
            _json[TokenField] = Connection!.Token;
        }

        return JsonSerializer.SerializeToUtf8Bytes(_json);
    }

    private string? Text(string field) => (string?)_json[field];
}
