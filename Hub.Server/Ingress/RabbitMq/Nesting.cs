using System.Collections;

namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>How deep the tables and arrays in a message's headers are nested.</summary>
internal static class Nesting
{
    /// <remarks>Level by level, without recursion, so that no nesting can overflow the stack.</remarks>
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

    // The library gives an empty table or array as null, and text as an array of bytes.
    private static IEnumerable<object?> Inside(object? value) => value switch
    {
        byte[] => [],
        IDictionary<string, object?> table => table.Values,
        IList array => array.Cast<object?>(),
        _ => [],
    };
}
