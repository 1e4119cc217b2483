using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>
/// One request over HTTP/2 in clear text, byte by byte (RFC 9113, RFC 7541): with headers that no client library would send.
/// </summary>
internal static class RawHttp2
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Settings = 4;
    private const byte WindowUpdate = 8;
    private const byte EndStreamAndHeaders = 0x5;
    private const byte Ack = 0x1;
    private const byte EndStream = 0x1;
    private const byte LiteralWithNewName = 0x00;

    /// <summary>SETTINGS_INITIAL_WINDOW_SIZE: an answer may be as large as it wants, and is not waited for.</summary>
    private static readonly byte[] LargestWindow = [0, 4, 0x7F, 0xFF, 0xFF, 0xFF];

    /// <summary>The same for all answers together, which begins with 65,535 bytes.</summary>
    private static readonly byte[] LargestUpdate = [0x7F, 0xFF, 0, 0];

    /// <summary>The first entries of HPACK's static table that are a whole <c>:status</c>.</summary>
    private static readonly int[] Statuses = [200, 204, 206, 304, 400, 404, 500];

    /// <summary>The status of the answer.</summary>
    public static async Task<int> StatusOfAsync(Uri address, string method, string path, params string[] headers)
    {
        var frames = await AskAsync(address, method, path, headers);
        return StatusIn(frames.First(frame => frame.Type == Headers).Payload);
    }

    /// <summary>How many bytes the largest frame of the answer's body has.</summary>
    public static async Task<int> LargestDataAsync(Uri address, string path) =>
        (await AskAsync(address, "GET", path, [])).Where(frame => frame.Type == Data).Max(frame => frame.Payload.Length);

    private static async Task<List<(byte Type, byte[] Payload)>> AskAsync(Uri address, string method, string path, string[] headers)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(address.Host, address.Port);
        await using var stream = client.GetStream();
        await stream.WriteAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8.ToArray());
        await WriteAsync(stream, Settings, flags: 0, id: 0, LargestWindow);
        await WriteAsync(stream, WindowUpdate, flags: 0, id: 0, LargestUpdate);
        string[] all = [$":method: {method}", ":scheme: http", $":authority: {address.Authority}", $":path: {path}", .. headers];
        await WriteAsync(stream, Headers, EndStreamAndHeaders, id: 1, [.. all.SelectMany(Literal)]);
        return await ReadAnswerAsync(stream).WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static async Task<List<(byte Type, byte[] Payload)>> ReadAnswerAsync(NetworkStream stream)
    {
        var frames = new List<(byte Type, byte[] Payload)>();
        while (true)
        {
            var head = new byte[9];
            await stream.ReadExactlyAsync(head);
            var payload = new byte[(head[0] << 16) | (head[1] << 8) | head[2]];
            await stream.ReadExactlyAsync(payload);
            var (type, flags) = (head[3], head[4]);
            if (type == Settings && flags != Ack)
            {
                await WriteAsync(stream, Settings, Ack, id: 0, []);
            }
            else if (type is Headers or Data)
            {
                frames.Add((type, payload));
                if ((flags & EndStream) != 0)
                {
                    return frames;
                }
            }
        }
    }

    // Kestrel writes it first: as one of the static table, or as that table's name with another value.
    private static int StatusIn(byte[] block)
    {
        var at = Array.FindIndex(block, value => value >> 5 != 1); // Behind updates of the table's size.
        return block[at] >= 0x80
            ? Statuses[(block[at] & 0x7F) - 8]
            : int.Parse(Encoding.ASCII.GetString(block, at + 2, 3), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static IEnumerable<byte> Literal(string header)
    {
        var split = header.IndexOf(": ", StringComparison.Ordinal);
        return [LiteralWithNewName, .. Text(header[..split]), .. Text(header[(split + 2)..])];
    }

    private static byte[] Text(string text)
    {
        var bytes = Encoding.ASCII.GetBytes(text);
        return bytes.Length < 0x7F ? [(byte)bytes.Length, .. bytes] : [0x7F, .. LongLength(bytes.Length - 0x7F), .. bytes];
    }

    private static IEnumerable<byte> LongLength(int length)
    {
        for (; length >= 0x80; length >>= 7)
        {
            yield return (byte)((length & 0x7F) | 0x80);
        }

        yield return (byte)length;
    }

    private static async Task WriteAsync(NetworkStream stream, byte type, byte flags, int id, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, payload.Length << 8);
        (frame[3], frame[4]) = (type, flags);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), id);
        payload.CopyTo(frame, 9);
        await stream.WriteAsync(frame);
    }
}
