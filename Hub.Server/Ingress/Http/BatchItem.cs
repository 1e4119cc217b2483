using RealtimeHub.Publishing;

namespace RealtimeHub.Ingress.Http;

/// <summary>What a message of a batch was read as: a message to publish, or what is wrong with it.</summary>
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
