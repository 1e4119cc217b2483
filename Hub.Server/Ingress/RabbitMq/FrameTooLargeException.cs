namespace RealtimeHub.Ingress.RabbitMq;

/// <summary>The broker lets in headers that the threads of this process cannot read.</summary>
internal sealed class FrameTooLargeException(uint frame) : Exception(frame == 0
    ? $"The broker has no limit for frames (frame_max is 0). Set frame_max = 131072, RabbitMQ's default, in its rabbitmq.conf."
    : $"The broker lets in frames of {frame} bytes, and a header that is nested as deep as that has room for would overflow the stack of this process, which suffices for "
        + $"{ThreadStack.LargestFrame}. Set frame_max = 131072, RabbitMQ's default, in its rabbitmq.conf, or {ThreadStack.Setting} to {ThreadStack.SizeFor(frame)} in the runtimeconfig.json of this program.")
{
    public static void ThrowIfTooLarge(uint frame)
    {
        if (frame == 0 || frame > ThreadStack.LargestFrame)
        {
            throw new FrameTooLargeException(frame);
        }
    }
}
