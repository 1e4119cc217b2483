using System.Buffers;
using RealtimeHub.Client.Resuming;

namespace RealtimeHub.Client.Connecting;

/// <summary>Opens connections to one hub, and remembers which mode got through last.</summary>
internal sealed class Connector(Uri url, TokenSource tokens, Patience patience)
{
    /// <summary>What a token may consist of, to fit into a header.</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.~+-");

    private ConnectMode? _lastMode;

    /// <summary>Makes one attempt: the modes in turn, each with a token of its own.</summary>
    /// <param name="attempt">How many attempts were made since a connection last held.</param>
    /// <param name="mailbox">What the connection brings its messages to.</param>
    /// <param name="stop">Ends the attempt.</param>
    public async Task<OpenConnection> ConnectAsync(int attempt, Mailbox mailbox, CancellationToken stop)
    {
        var failures = new List<PushException>();
        foreach (var mode in Modes(attempt))
        {
            var token = await AskForTokenAsync(stop);
            mailbox.Adopt(token.Cursors);
            try
            {
                var connection = await OpenConnection.OpenAsync(StockClient.Build(url, mode, token.Value), mailbox, patience, stop);
                _lastMode = mode;
                return connection;
            }
            catch (Exception failure) when (!stop.IsCancellationRequested)
            {
                failures.Add(PushException.From(failure));
            }
        }

        // A refusal tells more than a socket that did not open.
        throw failures.OfType<RefusedException>().LastOrDefault() ?? failures[^1];
    }

    /// <summary>Right after a drop only the mode that worked is tried: when all clients return at once, that halves their load.</summary>
    private ConnectMode[] Modes(int attempt) => _lastMode switch
    {
        { } mode when attempt <= 1 => [mode],
        ConnectMode.Negotiated => [ConnectMode.Negotiated, ConnectMode.Direct],
        _ => [ConnectMode.Direct, ConnectMode.Negotiated],
    };

    private async Task<AccessToken> AskForTokenAsync(CancellationToken stop)
    {
        var token = await AskAsync(stop);
        return string.IsNullOrEmpty(token?.Value) || token.Value.AsSpan().ContainsAnyExcept(TokenCharacters)
            ? throw new ConnectionException("The token source answered with something that is no token.")
            : token;
    }

    private async Task<AccessToken?> AskAsync(CancellationToken stop)
    {
        try
        {
            return await patience.WaitAsync(token => tokens(token), stop);
        }
        catch (Exception failure) when (failure is not PushException && !stop.IsCancellationRequested)
        {
            throw new ConnectionException("The token source failed.", failure);
        }
    }
}
