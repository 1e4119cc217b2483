using Microsoft.Extensions.Options;

namespace RealtimeHub.Operations;

/// <summary>Says every configuration mistake in one message.</summary>
internal static class ConfigurationReport
{
    /// <summary>The message for what the host threw at start, or null if that was no matter of configuration.</summary>
    public static string? For(Exception thrown)
    {
        IEnumerable<Exception> all = thrown is AggregateException several ? several.InnerExceptions : [thrown];
        if (!all.All(exception => exception is OptionsValidationException))
        {
            return null;
        }

        var mistakes = all.Cast<OptionsValidationException>().SelectMany(exception => exception.Failures).Distinct();
        return $"""
            The configuration has mistakes, so the server did not start:
            {string.Join('\n', mistakes.Select(mistake => $"  - {mistake}"))}
            Set these in appsettings.json, in the environment (Tokens__Lifetime) or on the command line (--Tokens:Lifetime=00:00:20).
            """;
    }
}
