namespace RealtimeHub.Ingress.Http.Keys;

/// <summary>What a key is good for.</summary>
[Flags]
internal enum ApiScope
{
    None = 0,

    /// <summary>To see who is connected.</summary>
    Read = 1,

    /// <summary>To publish messages.</summary>
    Publish = 2,

    /// <summary>To mint access tokens.</summary>
    Mint = 4,

    /// <summary>To act on connections, groups and nodes.</summary>
    Control = 8,

    All = Read | Publish | Mint | Control,
}
