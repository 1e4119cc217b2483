namespace RealtimeHub.Client;

/// <summary>
/// The hub has not renewed the connection, which stays as it was until its token expires. <see cref="PushException.Code"/> is the hub's
/// reason, or <c>renewal_failed</c> if it gave none. It is told to <see cref="PushClient.OnError(Func{Exception, Task})"/> if the token is
/// that of another user (<c>user_foreign</c>). After any other failure the client tries again.
/// </summary>
public sealed class RenewalException : PushException
{
    private RenewalException(string code, string sentence, Exception cause)
        : base(code, $"The hub has not renewed the connection: {sentence}", cause)
    {
    }

    /// <summary>Whether another token of the same source would not help either.</summary>
    internal bool IsFinal => Code == "user_foreign";

    /// <summary>Reads the hub's reason out of the stock client's words.</summary>
    internal static RenewalException Of(Exception failure) => HubWords.TryRead(failure.Message, out var code, out var sentence)
        ? new(code, $"{code}: {sentence}", failure)
        : new("renewal_failed", failure.Message, failure);
}
