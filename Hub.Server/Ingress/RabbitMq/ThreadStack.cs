using System.Globalization;

namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>Whether the stack of this process's threads suffices for any header that a broker may deliver.</summary>
/// <remarks>
/// RabbitMQ.Client reads nested arrays and tables by recursion, before any code of the hub sees the message, and a stack overflow ends the
/// process. A header must fit into a frame, so the size of frames limits its nesting: the densest nesting takes five bytes a level.
/// </remarks>
internal static class ThreadStack
{
    public const string Setting = "System.Threading.DefaultStackSize";

    private const int BytesOfALevel = 5;

    /// <summary>
    /// Bytes of stack for each level. Up to 650 were measured, for reading and writing, in code that is not optimised yet.
    /// </summary>
    private const int StackOfALevel = 1024;

    /// <summary>The default size of a thread's stack in bytes, on the platform with the smallest.</summary>
    private const long Least = 1_536 * 1024;

    /// <summary>The largest frame, in bytes, in which any nesting can be read.</summary>
    public static long LargestFrame => Size / StackOfALevel * BytesOfALevel;

    /// <summary>The stack that is needed for frames of a size, in bytes.</summary>
    public static long SizeFor(uint frame) => (long)frame / BytesOfALevel * StackOfALevel;

    private static long Size =>
        long.TryParse(AppContext.GetData(Setting) as string, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? size : Least;
}
