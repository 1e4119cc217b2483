using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace RealtimeHub.Client;

/// <summary>What the hub says of itself: a code and a sentence, perhaps behind words of the stock client.</summary>
internal static partial class HubWords
{
    /// <returns>False if they are not there.</returns>
    public static bool TryRead(string words, [NotNullWhen(true)] out string? code, [NotNullWhen(true)] out string? sentence)
    {
        var match = CodeAndSentence().Match(words);
        (code, sentence) = match.Success ? (match.Groups["code"].Value, match.Groups["sentence"].Value) : (null, null);
        return match.Success;
    }

    [GeneratedRegex(@"(^|HubException: )(?<code>[a-z]+(?:_[a-z]+)*): (?<sentence>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Singleline)]
    private static partial Regex CodeAndSentence();
}
