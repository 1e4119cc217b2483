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

    /// <summary>Where to begin at an address without a cursor: by default at the end of its log.</summary>
    public ResumeFrom From { get; init; } = ResumeFrom.Head;

    /// <summary>The <see cref="PushClient.Cursors"/> of an earlier client, to continue where it stopped. None by default.</summary>
    /// <remarks>
    /// A value that is no cursor is thrown away. So are all cursors if there are more than 1,002, the most that a connection can need. Then
    /// <see cref="PushClient.OnLost(Func{Loss, Task})"/> tells of each address of the connection that had one.
    /// </remarks>
    public IReadOnlyDictionary<string, string> Cursors { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>
    /// The name under which the hub keeps how far this client has handled its messages: 1 to 64 letters and digits of ASCII, <c>-</c> and
    /// <c>_</c>. An application that keeps <see cref="PushClient.Cursors"/> keeps this with them. By default a new one for each client.
    /// </summary>
    public string Device { get; init; } = Guid.NewGuid().ToString("N");

    /// <summary>
    /// Where the client logs its steps, losses, why it cannot connect (once for each time that it is disconnected), and exceptions of
    /// handlers if there is no handler of errors. By default warnings and errors go to standard error; <c>NullLoggerFactory.Instance</c>
    /// keeps the client silent.
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

        if (Device.Length is 0 or > 64 || Device.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter is not '-' and not '_'))
        {
            throw new ArgumentException("The name of a device has 1 to 64 letters and digits of ASCII, - and _.");
        }

        Retry.Validate();
    }
}
