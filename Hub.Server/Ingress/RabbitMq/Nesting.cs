using System.Collections;

namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>How deep the tables and arrays of a message's headers stand in one another.</summary>
internal static class Nesting
{
    /// <remarks>Level by level, not by calling itself: this must come to an end on any stack.</remarks>
    public static bool IsDeeperThan(int levels, IDictionary<string, object?>? headers)
    {
        List<object?> level = headers is null ? [] : [.. headers.Values];
        for (var depth = 0; (level = [.. level.SelectMany(Inside)]).Count > 0; depth++)
        {
            if (depth == levels)
            {
                return true;
            }
        }

        return false;
    }

    // An empty table or array comes as null, and an array of bytes is a text.
    private static IEnumerable<object?> Inside(object? value) => value switch
    {
        byte[] => [],
        IDictionary<string, object?> table => table.Values,
        IList array => array.Cast<object?>(),
        _ => [],
    };
}
