using System.Net.WebSockets;
using System.Text;

namespace RealtimeHub.Tests.Clients;

/// <summary>
/// Opens many WebSockets, each with a token from a line of the standard input, and says nothing on any of them. It writes <c>open</c> when
/// all are open, and when the hub has closed all of them how many it has told what, such as <c>10000 1000 {"error":"too late"}</c>.
/// </summary>
internal static class SilentCrowd
{
    private const int AtOnce = 100;

    public static async Task RunAsync(Uri url, int count)
    {
        using var invoker = new HttpMessageInvoker(new SocketsHttpHandler());
        var sockets = new ClientWebSocket[count];
        var tokens = new string[count];
        for (var index = 0; index < count; index++)
        {
            tokens[index] = await Console.In.ReadLineAsync() ?? throw new InvalidOperationException($"{count} tokens are needed.");
        }

        await Parallel.ForAsync(0, count, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (index, cancellation) =>
        {
            sockets[index] = new ClientWebSocket();
            var address = new UriBuilder(url) { Scheme = "ws", Query = $"access_token={tokens[index]}" }.Uri;
            await sockets[index].ConnectAsync(address, invoker, cancellation);
        });
        Console.WriteLine("open");

        foreach (var end in (await Task.WhenAll(sockets.Select(EndOfAsync))).CountBy(end => end))
        {
            Console.WriteLine($"{end.Value} {end.Key}");
        }
    }

    /// <summary>How the hub ends a connection, and what it says before.</summary>
    private static async Task<string> EndOfAsync(ClientWebSocket socket)
    {
        using (socket)
        {
            var (said, buffer) = ("", new byte[1024]);
            while (await socket.ReceiveAsync(buffer, CancellationToken.None) is { MessageType: not WebSocketMessageType.Close } received)
            {
                said += Encoding.UTF8.GetString(buffer, 0, received.Count);
            }

            await AnswerAsync(socket);
            return $"{(int?)socket.CloseStatus} {said.TrimEnd('\u001e')}";
        }
    }

    private static async Task AnswerAsync(ClientWebSocket socket)
    {
        try
        {
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "", CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The hub has waited for this answer as long as it does, and gone: the crowd has only so many hands.
        }
    }
}
