using System.Globalization;

namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>Whether the threads of this process come to the end of whatever header a broker may hand out.</summary>
/// <remarks>
/// RabbitMQ.Client reads nested arrays and tables by calling itself, before any code of the hub sees the message, and a stack that
/// overflows ends the process. What a publisher can nest is bounded by the frame in which a header must have room, and the densest nesting
/// takes five bytes a level.
/// </remarks>
internal static class ThreadStack
{
    public const string Setting = "System.Threading.DefaultStackSize";

    private const int BytesOfALevel = 5;

    /// <summary>Measured are up to 650, for reading and for writing, before the code is optimised.</summary>
    private const int StackOfALevel = 1024;

    /// <summary>What a thread has where nothing is set, on the platform that gives least.</summary>
    private const long Least = 1_536 * 1024;

    /// <summary>The largest frame of which any nesting can be read, in bytes.</summary>
    public static long LargestFrame => Size / StackOfALevel * BytesOfALevel;

    /// <summary>The stack that is needed for frames of a size, in bytes.</summary>
    public static long SizeFor(uint frame) => (long)frame / BytesOfALevel * StackOfALevel;

    private static long Size =>
        long.TryParse(AppContext.GetData(Setting) as string, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : Least;
}
