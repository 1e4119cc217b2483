using Microsoft.AspNetCore.SignalR.Protocol;

namespace RealtimeHub.Delivery;

/// <summary>
/// Why an open connection ends on our side: one of a closed set, with a stable code for programs and a sentence for people, which may be a
/// backend's own (docs/protocol.md).
/// </summary>
internal sealed class CloseReason
{
    /// <summary>More waited for it than may wait, or for longer. Its transport is aborted, so it is not told.</summary>
    public static readonly CloseReason TooSlow = new("too_slow", "The client did not take what was sent to it.", mayComeBack: true);

    /// <summary>The host stops, or the node is drained.</summary>
    public static readonly CloseReason NodeStopping = new("node_stopping", "This node is about to stop. Connect again.", mayComeBack: true);

    /// <summary>The <c>exp</c> of its token record has come.</summary>
    public static readonly CloseReason TokenExpired =
        new("token_expired", "The time that the token allows for the connection is over. Connect again with a new token.", mayComeBack: true, needsToken: true);

    /// <summary>A backend has asked for a new token, and it has shown none in time.</summary>
    public static readonly CloseReason RenewalMissed = new(
        "renewal_missed", "The connection was to be renewed, and was not in time. Connect again with a new token.", mayComeBack: true,
        needsToken: true);

    /// <summary>It said nothing for the client timeout.</summary>
    public static readonly CloseReason ClientSilent = new("client_silent", "Nothing came from the client for too long.", mayComeBack: true);

    /// <summary>What it said is not of the hub protocol, or too large.</summary>
    public static readonly CloseReason MessageInvalid =
        new("message_invalid", "The client sent what is no message of the hub protocol, or too large a one.", mayComeBack: false);

    /// <summary>It called more often than it may.</summary>
    public static readonly CloseReason TooManyCalls =
        new("too_many_calls", "The client sent more messages in a second than it may.", mayComeBack: false);

    /// <summary>Its client has negotiated another connection since, and a token opens one.</summary>
    public static readonly CloseReason Superseded =
        new("connection_superseded", "The client has negotiated another connection in the place of this one.", mayComeBack: false);

    /// <summary>Redis was away when it was to be attached.</summary>
    public static readonly CloseReason StoreUnavailable =
        new("store_unavailable", "The store is away, so the connection could not be attached. Connect again with a new token.", mayComeBack: true);

    /// <summary>What the directory or the log holds of its user or a group cannot be used.</summary>
    public static readonly CloseReason AttachFailed =
        new("attach_failed", "The connection could not be attached. The hub's log says why.", mayComeBack: false);

    /// <summary>The transport waited for too long with a write. It is aborted, so the client is not told.</summary>
    public static readonly CloseReason SendTimeout =
        new("send_timeout", "The client did not take a write in time.", mayComeBack: true);

    /// <summary>Code of the host has called <c>Abort()</c>.</summary>
    public static readonly CloseReason HostAborted = new("host_aborted", "The host of the hub has ended the connection.", mayComeBack: false);

    /// <summary>Code of the host has thrown while the connection was opened.</summary>
    public static readonly CloseReason HostFailed =
        new("host_failed", "The host of the hub has failed while the connection was opened.", mayComeBack: false);

    private const string EndedCode = "ended";
    private const string BannedCode = "banned";

    /// <summary>A backend has ended it, or has ended what its token was minted for.</summary>
    /// <param name="text">What the backend wants the client to be told; null for nothing.</param>
    /// <param name="mayComeBack">Whether the client may come back, with a new token.</param>
    public static CloseReason Ended(string? text = null, bool mayComeBack = true) => new(
        EndedCode, text ?? (mayComeBack ? "A backend has ended the connection. Connect again with a new token." : "A backend has ended the connection."),
        mayComeBack, needsToken: true);

    /// <summary>Its user is banned.</summary>
    /// <param name="text">What the backend wants the client to be told; null for nothing.</param>
    public static CloseReason Banned(string? text = null) => new(BannedCode, text ?? "The user is banned.", mayComeBack: false);

    /// <summary>Its client has come back by the secret that it was given, and has left it open.</summary>
    public static readonly CloseReason Replaced = new(
        "replaced", "The client has come back on another connection, which has taken the place of this one.", mayComeBack: false);

    /// <summary>Its user has as many connections, on all nodes together, as one may have.</summary>
    public static readonly CloseReason UserFull = new(
        "user_full", "The user has as many connections as one may have (Limits:ConnectionsPerUser). Close one, then connect again.", mayComeBack: false);

    private CloseReason(string code, string sentence, bool mayComeBack, bool needsToken = false)
    {
        (Code, Sentence, MayComeBack, MayReconnect) = (code, sentence, mayComeBack, mayComeBack && !needsToken);
        Event = $"ConnectionEnded {code}";
        Message = new(ToString(), mayComeBack);
    }

    /// <summary>Words joined by underscores; part of the public contract.</summary>
    public string Code { get; }

    /// <summary>What happened and, where there is something, what to do. Never holds a secret.</summary>
    public string Sentence { get; }

    /// <summary>Whether the client may connect again by itself.</summary>
    public bool MayComeBack { get; }

    /// <summary>Whether the secret that it was given is still good, so that it may come back without a token.</summary>
    public bool MayReconnect { get; }

    /// <summary>What the log sums it up under.</summary>
    public string Event { get; }

    /// <summary>What the client is told.</summary>
    public CloseMessage Message { get; }

    public override string ToString() => $"{Code}: {Sentence}";
}
