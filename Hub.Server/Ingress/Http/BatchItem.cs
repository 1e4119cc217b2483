using RealtimeHub.Publishing;

namespace RealtimeHub.Ingress.Http;

/// <summary>A message of a batch as it was understood: to be published, or what is wrong with it.</summary>
internal readonly record struct BatchItem
{
    private BatchItem(CheckedPublication publication, string? mistake) => (Publication, Mistake) = (publication, mistake);

    /// <summary>What is to be published, if there is no mistake.</summary>
    public CheckedPublication Publication { get; }

    public string? Mistake { get; }

    public static BatchItem Of(BatchMessage message) =>
        message.TryRead(message.Address, out var publication, out var mistake) ? new(publication, null) : Mistaken(mistake);

    public static BatchItem Mistaken(string mistake) => new(default, mistake);
}
