using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using RealtimeHub.Client.Connecting;

namespace RealtimeHub.Client;

/// <summary>What a <see cref="PushClient"/> needs to know.</summary>
public sealed record PushClientOptions
{
    /// <summary>The hub: absolute, <c>http</c> or <c>https</c>.</summary>
    public required Uri Url { get; init; }

    /// <summary>Where access tokens come from, such as <see cref="TokenEndpoint"/>.</summary>
    public required TokenSource Token { get; init; }

    /// <summary>How long to wait between attempts.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>Where to begin on an address without a cursor: at the end of its log by default.</summary>
    public ResumeFrom From { get; init; } = ResumeFrom.Head;

    /// <summary>Where an earlier client stopped, as its <see cref="PushClient.Cursors"/> told. None by default.</summary>
    /// <remarks>
    /// Where something else stands for a cursor, and where there are more than 1,002, which no connection can need, it is thrown away, and
    /// <see cref="PushClient.OnLost(Func{Loss, Task})"/> tells of each address of the connection that had one.
    /// </remarks>
    public IReadOnlyDictionary<string, string> Cursors { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// Where the client logs: its steps, losses, once for each time that it is away why it cannot connect, and what handlers throw where
    /// nobody asked for it. By default warnings and errors go to standard error; <c>NullLoggerFactory.Instance</c> keeps it silent.
    /// </summary>
    public ILoggerFactory LoggerFactory { get; init; } = new StandardError(Console.Error);

    internal TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>A number from 0 to 1, a new one each time.</summary>
    internal Func<double> Random { get; init; } = ReconnectPolicy.Random;

    internal void Validate()
    {
        ArgumentNullException.ThrowIfNull(Token);
        if (!Url.IsAbsoluteUri || (Url.Scheme != Uri.UriSchemeHttp && Url.Scheme != Uri.UriSchemeHttps))
        {
            throw new ArgumentException($"The URL of a hub is absolute and begins with http or https, unlike '{(Url.IsAbsoluteUri ? Diagnosis.ShownUrl(Url) : Url)}'.");
        }

        Retry.Validate();
    }
}
