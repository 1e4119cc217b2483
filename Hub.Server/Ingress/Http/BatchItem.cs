using RealtimeHub.Publishing;

namespace RealtimeHub.Ingress.Http;

/// <summary>A message of a batch as it was understood: to be published, or what is wrong with it.</summary>
internal readonly record struct BatchItem(Publication? Publication, string? Mistake)
{
    public static BatchItem Of(BatchMessage message)
    {
        var (publication, mistake) = message.Read(message.Address);
        return new(publication, mistake);
    }
}
