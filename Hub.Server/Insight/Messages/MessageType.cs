using System.Text.Json;

namespace RealtimeHub.Insight.Messages;

/// <summary>Finds the type of a message in the body that its log has.</summary>
internal static class MessageType
{
    /// <param name="body">Of that the beginning is enough: address and type stand before the payload.</param>
    public static string In(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader([(byte)'{', .. body], isFinalBlock: false, state: default);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("type"u8))
            {
                return reader.Read() ? reader.GetString() ?? "" : "";
            }
        }

        return "";
    }
}
