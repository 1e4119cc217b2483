using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>Sends a request byte for byte as it is written, which no HTTP client does: they normalise first.</summary>
internal static class RawHttp
{
    /// <summary>The status and the whole answer to one request on a connection of its own, or 0 if it was closed without a word.</summary>
    /// <param name="address">The server.</param>
    /// <param name="request">The request, in which each character is a byte.</param>
    /// <param name="thenEnd">Whether nothing more is to come, which is then told.</param>
    public static async Task<(int Status, string Text)> SendAsync(Uri address, string request, bool thenEnd = false)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, address.Port);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.Latin1.GetBytes(request));
        if (thenEnd)
        {
            socket.Shutdown(SocketShutdown.Send);
        }

        using var reader = new StreamReader(stream, Encoding.Latin1);
        var answer = await reader.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(30));
        return (answer.Split(' ') is [_, var status, ..] ? int.Parse(status, CultureInfo.InvariantCulture) : 0, answer);
    }

    /// <summary>A request of the HTTP API to a path as it is written.</summary>
    public static Task<(int Status, string Text)> PostAsync(Uri address, string target, string body = """{"type":"t"}""") => SendAsync(address,
        $"POST {target} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\nX-Api-Key: {Node.ApiKey}\r\nContent-Type: application/json\r\nContent-Length: {Encoding.Latin1.GetByteCount(body)}\r\n\r\n{body}");

    public static Task<(int Status, string Text)> GetAsync(Uri address, string target, params string[] headers) => SendAsync(address,
        $"GET {target} HTTP/1.1\r\nHost: {address.Authority}\r\nConnection: close\r\n{string.Concat(headers.Select(header => header + "\r\n"))}\r\n");
}
