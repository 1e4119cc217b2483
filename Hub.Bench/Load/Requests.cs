using System.Text;
using RealtimeHub.Bench.Peers;

namespace RealtimeHub.Bench.Load;

/// <summary>Requests to the HTTP API that every system here offers.</summary>
internal static class Requests
{
    /// <summary>The key that lets backends in; the servers have it, or its hash, in their environment.</summary>
    public const string ApiKey = "bench-bench-bench-bench-bench-bench";

    /// <summary>What a payload of ordinary size holds beside its number.</summary>
    public const int OrdinaryPadding = 150;

    public static byte[] ToUser(string user, int number, bool transient = false) => Post($"/api/users/{user}/messages", Message(number, transient, OrdinaryPadding));

    public static byte[] ToGroup(string group, int number) => Post($"/api/groups/{group}/messages", Message(number, transient: false, OrdinaryPadding));

    public static byte[] ToEveryone(int number, int padding = OrdinaryPadding) => Post("/api/everyone/messages", Message(number, transient: false, padding));

    /// <summary>Many at once, each to its user.</summary>
    public static byte[] Batch(IEnumerable<(string User, int Number)> messages) => Post("/api/messages", $$"""
        {"messages":[{{string.Join(',', messages.Select(message => $$"""{"address":"user:{{message.User}}",{{Message(message.Number, transient: false, OrdinaryPadding)[1..]}}"""))}}]}
        """);

    /// <summary>Asks a server to publish by itself, in process.</summary>
    public static byte[] PushInProcess(int count, int users, int batch, bool transient) =>
        Post($"/bench/push?count={count}&users={users}&batch={batch}&transient={transient}", "");

    /// <summary>Signs a user in to the web app.</summary>
    public static byte[] SignIn(string user) => Post($"/sign-in/{user}", "");

    /// <summary>Asks the web app for a token, as who has this cookie.</summary>
    public static byte[] Token(string cookie) => Post(WebAppPeer.TokenPath, "", $"Cookie: {cookie}\r\n");

    public static byte[] Ready() => "GET /health/ready HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"u8.ToArray();

    private static string Message(int number, bool transient, int padding) =>
        $$"""{"type":"bench","payload":{"n":{{number}},"text":"{{new string('x', padding)}}"}{{(transient ? ",\"transient\":true" : "")}}}""";

    private static byte[] Post(string path, string body, string headers = "") => Encoding.ASCII.GetBytes(
        $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Api-Key: {ApiKey}\r\n{headers}Content-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
}
