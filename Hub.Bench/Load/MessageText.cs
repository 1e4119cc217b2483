using System.Buffers.Text;
using System.Text;

namespace RealtimeHub.Bench.Load;

/// <summary>What a ledger wants to know of messages, read without parsing them, so that clients cost little.</summary>
internal static class MessageText
{
    private static ReadOnlySpan<byte> Number => "{\"n\":"u8;

    private static ReadOnlySpan<byte> User => "\"user:"u8;

    /// <summary>Finds the number of the next message in a text, and goes on behind where it begins.</summary>
    public static bool TryNextNumber(ref ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        var at = text.IndexOf(Number);
        text = at < 0 ? [] : text[(at + Number.Length)..];
        return at >= 0 && Utf8Parser.TryParse(text, out number, out _);
    }

    /// <summary>The id of a message, given what stands before its payload; null if it was not published to a user.</summary>
    public static string? CursorOf(ReadOnlySpan<byte> beginning) => beginning.IndexOf(User) >= 0 ? Between(beginning, "\"id\":\""u8) : null;

    /// <summary>Where the answer of a <c>Resume</c> says that the user stands, whatever other addresses it has.</summary>
    public static string? CursorIn(ReadOnlySpan<byte> answer) =>
        answer.IndexOf(User) is >= 0 and var own ? Between(answer[own..], "\"cursor\":\""u8) : null;

    /// <summary>The head of the log of a user, in a call of <c>Heads</c>; null if it is not among them.</summary>
    public static string? HeadIn(ReadOnlySpan<byte> heads) => heads.IndexOf(User) is >= 0 and var own ? Between(heads[own..], "\":\""u8) : null;

    /// <summary>The secret to come back with, in a call of <c>Connected</c>; null if there is none.</summary>
    public static string? SecretIn(ReadOnlySpan<byte> connected) => Between(connected, "\"reconnectSecret\":\""u8);

    private static string? Between(ReadOnlySpan<byte> text, ReadOnlySpan<byte> before)
    {
        var start = text.IndexOf(before);
        if (start < 0)
        {
            return null;
        }

        var rest = text[(start + before.Length)..];
        return Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)'"')]);
    }
}
