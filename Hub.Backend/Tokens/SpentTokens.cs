using System.Globalization;

namespace RealtimeHub.Tokens;

/// <summary>
/// What this node has spent, for as long as a token lives: a Redis that has lost its last writes cannot let the same token in here again.
/// </summary>
/// <remarks>
/// Keeps 16 bytes of each good token's hash, for <paramref name="kept"/> at least and twice that at most. So it grows with what backends
/// mint, and not with what anybody shows.
/// </remarks>
internal sealed class SpentTokens(TimeSpan kept, TimeProvider time)
{
    private const int Digits = 32;

    private readonly Lock _lock = new();
    private HashSet<UInt128> _current = [];
    private HashSet<UInt128> _previous = [];
    private long _since = time.GetTimestamp();

    /// <summary>Remembers a token that the store has just accepted. False if it is known: it was spent here before.</summary>
    public bool TryAdd(string hash)
    {
        var half = UInt128.Parse(hash.AsSpan(0, Digits), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        lock (_lock)
        {
            LetGoOfOld();
            return !_previous.Contains(half) && _current.Add(half);
        }
    }

    private void LetGoOfOld()
    {
        var age = time.GetElapsedTime(_since);
        if (age < kept)
        {
            return;
        }

        _previous = age < 2 * kept ? _current : [];
        _current = [];
        _since = time.GetTimestamp();
    }
}
