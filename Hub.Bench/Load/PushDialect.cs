using System.Text;

namespace RealtimeHub.Bench.Load;

/// <summary>Our protocol on SignalR's: ready when the first <c>Resume</c> is answered, as with our own clients.</summary>
internal sealed class PushDialect : SignalRDialect
{
    private static readonly byte[] First = "{\"type\":1,\"invocationId\":\"1\",\"target\":\"Resume\",\"arguments\":[{\"cursors\":{},\"from\":\"head\"}]}\u001e"u8.ToArray();

    protected override void Opened(LoadClient client) => client.Send(client.Cursor is { } cursor ? From(client.User, cursor) : First);

    protected override void Answered(LoadClient client, ReadOnlySpan<byte> completion)
    {
        if (completion.IndexOf("\"error\""u8) >= 0)
        {
            client.Fail($"Resume was refused: {Encoding.UTF8.GetString(completion)}");
            return;
        }

        client.GotAll(completion);
        client.Ready();
    }

    private static byte[] From(string user, string cursor) => Encoding.UTF8.GetBytes(
        $$$"""{"type":1,"invocationId":"1","target":"Resume","arguments":[{"cursors":{"user:{{{user}}}":"{{{cursor}}}"},"from":"head"}]}""" + '\u001e');
}
