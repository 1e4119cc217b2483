using System.Buffers;
using System.IO.Pipelines;
using System.Security.Claims;
using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Connections.Features;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Protocol;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RealtimeHub.Authentication;
using RealtimeHub.Delivery;
using RealtimeHub.Resuming;
using RealtimeHub.Tests.Routing;
using RealtimeHub.Transport;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>
/// A connection of SignalR's own kind whose client reads when the test says so. What follows from a read has happened when it returns.
/// </summary>
internal sealed class PipedConnection : IDuplexPipe, IHeldAnswerFeature, IHttpContextFeature
{
    private static readonly PipeOptions OneWriteAtATime = new(
        readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline,
        pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false);

    private static readonly ServiceProvider Services =
        RouterNode.ServicesWith().AddSingleton<ClientEvents>().AddSingleton<CloseLog>().AddSingleton<ResumeMetrics>()
            .BuildServiceProvider();

    private readonly Pipe _toClient = new(OneWriteAtATime);
    private readonly Pipe _fromClient = new();

    /// <param name="id">Its id.</param>
    /// <param name="user">Its user.</param>
    /// <param name="asksForHeads">Whether the answer to its handshake is held. The pipe itself holds nothing.</param>
    /// <param name="isOpen">Whether it is attached already, unless it asks for heads: what is written to it goes out.</param>
    /// <param name="admission">Why its request was let in; null if it has none.</param>
    public PipedConnection(string id = "connection", string user = "alice", bool asksForHeads = false, bool isOpen = true, Admission? admission = null)
    {
        IsHeld = asksForHeads;
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, user)], SingleUseTokenDefaults.AuthenticationScheme);
        Transport = new DefaultConnectionContext(id, this, this) { User = new ClaimsPrincipal(identity) };
        Transport.Features.Set<IHeldAnswerFeature>(this);
        if (admission is not null)
        {
            HttpContext = new DefaultHttpContext();
            admission.Keep(HttpContext);
            Transport.Features.Set<IHttpContextFeature>(this);
        }

        Context = new HubConnectionContext(Transport, new HubConnectionContextOptions(), NullLoggerFactory.Instance)
        {
            Protocol = new JsonHubProtocol(),
        };
        Client = new ClientConnection(Context, Services.GetRequiredService<CloseLog>(), DateTimeOffset.UnixEpoch);
        if (isOpen && !asksForHeads)
        {
            Client.Open();
        }
    }

    /// <summary>What takes down what happens to connections: nothing, since nobody is told.</summary>
    public static ClientEvents Events => Services.GetRequiredService<ClientEvents>();

    /// <summary>What counts what they are told: nobody reads it.</summary>
    public static ResumeMetrics Metrics => Services.GetRequiredService<ResumeMetrics>();

    public DefaultConnectionContext Transport { get; }

    public HubConnectionContext Context { get; }

    public ClientConnection Client { get; }

    public bool IsHeld { get; private set; }

    public HttpContext? HttpContext { get; set; }

    public bool IsCut => Transport.ConnectionClosed.IsCancellationRequested;

    PipeReader IDuplexPipe.Input => _fromClient.Reader;

    PipeWriter IDuplexPipe.Output => _toClient.Writer;

    void IHeldAnswerFeature.Release() => IsHeld = false;

    /// <summary>What has been written since the last read; empty if nothing has.</summary>
    public string Read()
    {
        if (!_toClient.Reader.TryRead(out var result))
        {
            return "";
        }

        var text = Encoding.UTF8.GetString(result.Buffer.ToArray());
        _toClient.Reader.AdvanceTo(result.Buffer.End);
        return text;
    }

    /// <summary>Reads until nothing more comes.</summary>
    public string ReadAll()
    {
        var all = new StringBuilder();
        while (Read() is { Length: > 0 } text)
        {
            all.Append(text);
        }

        return all.ToString();
    }
}
