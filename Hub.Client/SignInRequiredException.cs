namespace RealtimeHub.Client;

/// <summary>Throw it from a <see cref="TokenSource"/> when the user must sign in again. No other failure of a token source stops the client.</summary>
public sealed class SignInRequiredException : PushException
{
    /// <summary>With the default message.</summary>
    public SignInRequiredException()
        : this("The user must sign in again.")
    {
    }

    /// <summary>With a message of your own, which is logged, and what caused it.</summary>
    public SignInRequiredException(string message, Exception? cause = null)
        : base("sign_in_required", message, cause)
    {
    }
}
