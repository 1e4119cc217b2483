using System.CommandLine;
using RealtimeHub.Presence;

namespace RealtimeHub.CommandLine;

/// <summary>The option <c>--limit</c>: how long a page of users is.</summary>
internal sealed class LimitOption : Option<int>
{
    private const string Word = "--limit";

    public LimitOption()
        : base(Word)
    {
        Description = $"About how many users, 1 to {IConnections.MaxUsers}.";
        HelpName = "users";
        DefaultValueFactory = _ => 100;
        Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > IConnections.MaxUsers)
            {
                result.AddError($"{Word} must be a whole number from 1 to {IConnections.MaxUsers}.");
            }
        });
    }
}
