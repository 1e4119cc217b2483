namespace RealtimeHub.Delivery;

/// <summary>What keeps a connection in a group. It is in it until nothing does any more.</summary>
[Flags]
internal enum GroupSources : byte
{
    None = 0,

    /// <summary>Its token names the group.</summary>
    Token = 1,

    /// <summary>A backend has put its user into the group for long.</summary>
    Lasting = 2,

    /// <summary>Somebody in process has added this one connection (<c>IHubContext.Groups</c>).</summary>
    Host = 4,

    /// <summary>Its client has joined by itself.</summary>
    Client = 8,

    Any = Token | Lasting | Host | Client,
}
