using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace RealtimeHub.Client.Connecting;

/// <summary>Asks the application for tokens, and checks what it answers.</summary>
internal sealed class TokenProvider(TokenSource source, AnswerTimeout timeout)
{
    /// <summary>The characters of a credential that fit into a header.</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~+-");

    /// <summary>Whether it can be shown to the hub at all.</summary>
    public static bool FitsIntoHeader([NotNullWhen(true)] string? credential) =>
        !string.IsNullOrEmpty(credential) && !credential.AsSpan().ContainsAnyExcept(TokenCharacters);

    /// <exception cref="PushException">There is no token, or none within fifteen seconds.</exception>
    public async Task<AccessToken> GetAsync(CancellationToken stop)
    {
        var token = await AskAsync(stop);
        return token is null || !FitsIntoHeader(token.Value)
            ? throw new ConnectionException("The token source answered with something that is no token. It is to return the bare token, such as wstoken…, without quotes or JSON around it.")
            : token;
    }

    private async Task<AccessToken?> AskAsync(CancellationToken stop)
    {
        try
        {
            return await timeout.WaitAsync(token => source(token), "The token source", AnswerTimeout.Default, stop);
        }
        catch (Exception failure) when (failure is not PushException && !stop.IsCancellationRequested)
        {
            throw new ConnectionException($"The token source failed: {failure.Message}", failure);
        }
    }
}
