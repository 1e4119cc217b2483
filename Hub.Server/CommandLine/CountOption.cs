using System.CommandLine;
using System.Globalization;

namespace RealtimeHub.CommandLine;

/// <summary>An option that is a whole number from 1 to a greatest one.</summary>
internal class CountOption : Option<int>
{
    /// <param name="name">Such as <c>--count</c>.</param>
    /// <param name="what">What it says, as the help begins.</param>
    /// <param name="usual">What it is unless it is given.</param>
    /// <param name="most">The greatest.</param>
    /// <param name="unit">What is counted, as the help names the value.</param>
    public CountOption(string name, string what, int usual, int most, string unit = "count")
        : base(name)
    {
        Description = string.Create(CultureInfo.InvariantCulture, $"{what}, 1 to {most}.");
        HelpName = unit;
        DefaultValueFactory = _ => usual;
        Validators.Add(result =>
        {
            var given = result.GetValueOrDefault<int>();
            if (given < 1 || given > most)
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} must be a whole number from 1 to {most}."));
            }
        });
    }
}
