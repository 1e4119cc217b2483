using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>A real proxy before two nodes, set up by the file that we ship. Its log holds no secret, or its test fails.</summary>
public abstract class Proxy : IAsyncDisposable
{
    private readonly DirectoryInfo _directory = System.IO.Directory.CreateTempSubdirectory("hub-proxy-");
    private readonly StringBuilder _output = new();
    private readonly Process _process;

    private protected Proxy(string command, Func<string, int, string[]> configure)
    {
        Port = LoopbackPort.Next();
        Address = new Uri($"http://127.0.0.1:{Port}");
        Client = new HttpClient(
            new SocketsHttpHandler { UseCookies = false, PooledConnectionLifetime = TimeSpan.Zero })
        { BaseAddress = Address };
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(
                command, configure(_directory.FullName, Port))
            { RedirectStandardOutput = true, RedirectStandardError = true },
        };
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
    }

    public Uri Address { get; }

    /// <summary>
    /// A browser without cookies. Each request has its own connection: on a used one it would itself repeat what gets no answer.
    /// </summary>
    public HttpClient Client { get; }

    /// <summary>All that it has written so far.</summary>
    public virtual string Log
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    private protected int Port { get; }

    private protected string Directory => _directory.FullName;

    /// <summary>A stock client that comes through the proxy, with its token from a node.</summary>
    public HubConnection ClientFor(
        Func<Task<string?>> token, HttpTransportType transport, bool skipNegotiation, CookieContainer? cookies = null, string path = "hub") =>
        new HubConnectionBuilder().WithUrl(new Uri(Address, path), transport, options =>
        {
            options.AccessTokenProvider = token;
            options.SkipNegotiation = skipNegotiation;
            options.Cookies = cookies ?? options.Cookies;
        }).WithAutomaticReconnect([.. Enumerable.Repeat(TimeSpan.FromMilliseconds(100), 100)]).Build();

    public async ValueTask DisposeAsync()
    {
        using var quit = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await quit.WaitForExitAsync();
        await _process.WaitForExitAsync();
        Fixtures.Log.LeaksIn(Log.Split('\n')).Should().BeEmpty("no proxy may log a secret");
        _process.Dispose();
        Client.Dispose();
        _directory.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts it, and returns when it answers: what is not for clients it turns away itself.</summary>
    private protected async Task StartAsync()
    {
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            await Eventually.HoldsAsync(AnswersAsync);
        }
        catch
        {
            await DisposeAsync();
            throw;
        }
    }

    private async Task<bool> AnswersAsync()
    {
        _process.HasExited.Should().BeFalse(Log);
        try
        {
            return (await Client.GetAsync("/")).StatusCode == HttpStatusCode.NotFound;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private void Take(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
