using System.Text;

namespace RealtimeHub.Bench.Load;

/// <summary>
/// Our protocol on SignalR's: ready when it knows where the log of its user ends and has what it missed, as with our own clients. The hub
/// tells the heads behind the answer to the handshake, or it is asked by <c>Resume</c>. It asks for what our clients ask for, and so has a
/// secret to come back with.
/// </summary>
internal sealed class PushDialect : SignalRDialect
{
    private static readonly byte[] First = "{\"type\":1,\"invocationId\":\"1\",\"target\":\"Resume\",\"arguments\":[{\"cursors\":{},\"from\":\"head\"}]}\u001e"u8.ToArray();

    private static ReadOnlySpan<byte> Heads => "\"target\":\"Heads\""u8;

    private static ReadOnlySpan<byte> Connected => "\"target\":\"Connected\""u8;

    public override string Path(string token) => $"{base.Path(token)}&heads=true&connected=true";

    public override byte[] Handled(LoadClient client, string after, string upTo) => Encoding.UTF8.GetBytes(
        $$$$"""{"type":1,"target":"Handled","arguments":[{"device":"bench","addresses":{"user:{{{{client.User}}}}":{"after":"{{{{after}}}}","upTo":"{{{{upTo}}}}"}}}]}""" + '\u001e');

    protected override void Opened(LoadClient client, ReadOnlySpan<byte> behind)
    {
        if (behind.IndexOf(Heads) < 0)
        {
            client.Send(client.Cursor is { } cursor ? From(client.User, cursor) : First);
        }
    }

    protected override void Called(LoadClient client, ReadOnlySpan<byte> invocation)
    {
        if (invocation.IndexOf(Connected) >= 0)
        {
            client.Secret = MessageText.SecretIn(invocation);
        }
        else if (invocation.IndexOf(Heads) < 0)
        {
            base.Called(client, invocation);
        }
        else if (!client.IsReady)
        {
            TakeHead(client, MessageText.HeadIn(invocation));
        }
    }

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

    private static void TakeHead(LoadClient client, string? head)
    {
        if (client.Cursor is { } cursor && cursor != head)
        {
            client.Send(From(client.User, cursor));
            return;
        }

        client.Cursor = head;
        client.Ready();
    }

    private static byte[] From(string user, string cursor) => Encoding.UTF8.GetBytes(
        $$$"""{"type":1,"invocationId":"1","target":"Resume","arguments":[{"cursors":{"user:{{{user}}}":"{{{cursor}}}"},"from":"head"}]}""" + '\u001e');
}
