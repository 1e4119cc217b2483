using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using RealtimeHub.Delivery;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Receipts;

namespace RealtimeHub.Receipts;

/// <summary>Reads what a client says that it has handled.</summary>
internal static class ReceiptReader
{
    private const int LongestDevice = 64;

    private static readonly SearchValues<char> DeviceCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");

    /// <param name="connection">Whose client says it.</param>
    /// <param name="request">What it says.</param>
    /// <param name="reports">
    /// By address, what is to be kept. What it says of an address that is not the connection's own is left out, since it may have left a
    /// group by now; and what it says of everyone, of whom nothing is kept.
    /// </param>
    /// <param name="mistake">Otherwise what is wrong, in words.</param>
    public static bool TryRead(
        ClientConnection connection, HandledRequest request, [NotNullWhen(true)] out List<(Address Address, HandledReport Report)>? reports,
        [NotNullWhen(false)] out string? mistake)
    {
        (reports, mistake) = ([], null);
        if (!IsDevice(request.Device))
        {
            mistake = $"The device must be 1 to {LongestDevice} characters of A-Z, a-z, 0-9, - and _.";
            return false;
        }

        foreach (var (text, said) in request.Addresses ?? new Dictionary<string, HandledAddress>())
        {
            if (said is null || !Cursor.TryParse(said.After, out var after) || !Cursor.TryParse(said.UpTo, out var upTo)
                || upTo.Offset < after.Offset)
            {
                mistake = "after and upTo must be ids of messages, and upTo not before after.";
                return false;
            }

            if (IsKept(connection, text, out var address) && connection.User is { } user)
            {
                reports.Add((address, new HandledReport(address.IsUser ? request.Device! : user.Name, upTo, after)
                {
                    Failed = Cursor.TryParse(said.Failed, out var failed) ? failed : null,
                    Client = connection.Details.Client,
                }));
            }
        }

        return true;
    }

    private static bool IsKept(ClientConnection connection, string text, out Address address) =>
        Address.TryParse(text, out address) && address != Address.Everyone && connection.Owns(address);

    private static bool IsDevice([NotNullWhen(true)] string? device) =>
        device is { Length: > 0 and <= LongestDevice } && !device.AsSpan().ContainsAnyExcept(DeviceCharacters);
}
