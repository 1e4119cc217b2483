namespace RealtimeHub.Transport;

/// <summary>
/// The answer to a connection's handshake, which waits for what is to go out together with it: in one message of the WebSocket, and one
/// write.
/// </summary>
/// <remarks>If the connection ends before, all that it has written goes out as it ends.</remarks>
internal interface IHeldAnswerFeature
{
    /// <summary>Whether nothing goes out yet.</summary>
    bool IsHeld { get; }

    /// <summary>Lets all that was written go out with the next write.</summary>
    void Release();
}
