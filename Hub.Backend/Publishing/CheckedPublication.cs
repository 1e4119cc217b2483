using System.Diagnostics.CodeAnalysis;
using RealtimeHub.Routing;

namespace RealtimeHub.Publishing;

/// <summary>A publication that breaks no rule. It is checked when it is made, so nobody who gets one has to check again.</summary>
internal readonly record struct CheckedPublication
{
    private CheckedPublication(Publication publication) => Publication = publication;

    public Publication Publication { get; }

    public bool IsTransient => Publication.Options?.Transient ?? false;

    /// <exception cref="ArgumentException">It breaks a rule.</exception>
    public static CheckedPublication Of(Publication publication) => MistakeIn(publication, isUtf8: false) is { } mistake
        ? throw new ArgumentException(mistake, nameof(publication))
        : new CheckedPublication(publication);

    /// <param name="publication">The message to publish.</param>
    /// <param name="isUtf8">Whether the payload is known to be valid UTF-8, as part of a body that was checked.</param>
    /// <param name="ready">The checked publication, if it breaks no rule.</param>
    /// <param name="mistake">Otherwise the rule that it breaks, in words.</param>
    public static bool TryOf(Publication publication, bool isUtf8, out CheckedPublication ready, [NotNullWhen(false)] out string? mistake)
    {
        mistake = MistakeIn(publication, isUtf8);
        ready = mistake is null ? new CheckedPublication(publication) : default;
        return mistake is null;
    }

    /// <summary>The same publication as from this backend: the log names that, and an idempotency key belongs to it.</summary>
    public CheckedPublication From(string backend) =>
        new(Publication with { Options = (Publication.Options ?? new PublishOptions()) with { Backend = backend } });

    private static string? MistakeIn(Publication publication, bool isUtf8) =>
        publication.Address == default ? "There is no address."
        : !PushMessage.IsType(publication.Type) ? PushMessage.TypeRule
        : publication.Options?.Receipt == true && !publication.Address.IsUser ? "Only of a message to a user there is a receipt to wait for."
        : PayloadRule.Mistake(publication.RawPayload, isUtf8) ?? publication.Options?.Mistake();
}
