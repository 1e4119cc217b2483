using Microsoft.Extensions.Options;

namespace RealtimeHub.CommandLine.ConfigCheck;

/// <summary>Tells all configuration mistakes in one message.</summary>
internal static class ConfigurationReport
{
    /// <summary>
    /// The mistakes because of which the server could not be built, one sentence each; null if the exception has another cause.
    /// </summary>
    public static IReadOnlyList<string>? MistakesIn(Exception thrown)
    {
        // A file that is not valid JSON: the innermost exception says where.
        if (thrown is InvalidDataException { InnerException: FormatException })
        {
            return [$"{thrown.Message} {thrown.GetBaseException().Message}"];
        }

        IEnumerable<Exception> all = thrown is AggregateException several ? several.InnerExceptions : [thrown];
        return all.All(exception => exception is OptionsValidationException)
            ? [.. all.Cast<OptionsValidationException>().SelectMany(exception => exception.Failures).Distinct()]
            : null;
    }

    public static string Of(IReadOnlyList<string> mistakes) => $"""
        The configuration has mistakes, so nothing was started:
        {string.Join('\n', mistakes.Select(mistake => $"  - {mistake}"))}
        Set these in appsettings.json, in the environment (Tokens__Lifetime) or on the command line (--Tokens:Lifetime=00:00:20).
        """;
}
