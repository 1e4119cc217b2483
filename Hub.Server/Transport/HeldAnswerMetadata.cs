namespace RealtimeHub.Transport;

/// <summary>
/// A hub that has something to say right behind its answer to the handshake, to who asks for it. It holds the answer until
/// <see cref="IHeldAnswerFeature.Release"/>.
/// </summary>
/// <param name="parameter">What asks for it: this query parameter, if it is <c>true</c>. With any other value nobody has asked.</param>
internal sealed class HeldAnswerMetadata(string parameter)
{
    public bool IsAskedFor(HttpRequest request) => request.Query[parameter] == "true";
}
