using System.Text.Json;
using RealtimeHub.Routing;

namespace RealtimeHub.Tests.Resuming;

/// <summary>What a client reads in the answer of <c>Resume</c>.</summary>
internal sealed class ResumeReply(JsonElement answer)
{
    public int Size => answer.GetRawText().Length;

    public bool More => answer.GetProperty("more").GetBoolean();

    public IEnumerable<string> Addresses => answer.GetProperty("addresses").EnumerateObject().Select(property => property.Name);

    public IEnumerable<string?> Refused => answer.GetProperty("refused").EnumerateArray().Select(address => address.GetString());

    public Missed this[Address address] => this[address.ToString()];

    public Missed this[string address] => Read(answer.GetProperty("addresses").GetProperty(address));

    private static Missed Read(JsonElement resumed) => new(
        resumed.GetProperty("recovered").GetBoolean(),
        resumed.GetProperty("cursor").GetString()!,
        [.. resumed.GetProperty("messages").EnumerateArray().Select(message => message.GetProperty("type").GetString()!)]);

    internal sealed record Missed(bool Recovered, string Cursor, string[] Types);
}
