namespace RealtimeHub.CommandLine.ConfigCheck;

/// <summary>Suggests the name that a misspelled word was meant to be.</summary>
internal static class SpellingSuggestion
{
    private const int MostMistakes = 2;

    /// <summary>The name that is nearest to a word, at most two letters away, or null.</summary>
    public static string? To(string word, IEnumerable<string> names) => names
        .Select(name => (Name: name, Distance: Distance(word.ToUpperInvariant(), name.ToUpperInvariant())))
        .Where(candidate => candidate.Distance <= MostMistakes && candidate.Distance * 2 <= candidate.Name.Length)
        .OrderBy(candidate => candidate.Distance).Select(candidate => candidate.Name).FirstOrDefault();

    /// <summary>A question to append to an error message, <c> Did you mean 'token'?</c>, or an empty text.</summary>
    public static string Question(string word, IEnumerable<string> names) => To(word, names) is { } name ? $" Did you mean '{name}'?" : "";

    /// <summary>The Levenshtein distance: the fewest letters to insert, drop or replace.</summary>
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (var i = 1; i <= one.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
            {
                var replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
