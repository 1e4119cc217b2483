using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;

namespace RealtimeHub.Tests.Clients;

/// <summary>
/// SignalR's own client over a WebSocket, told what to do by lines on the standard input: <c>start</c>, <c>invoke METHOD ARGUMENTS</c>
/// (a JSON array), <c>stop</c>. It writes a line for what happens, with what belongs to it as JSON: <c>connected</c>, <c>received</c>,
/// <c>answered</c>, <c>failed</c>, <c>reconnecting</c>, <c>reconnected</c>, <c>closed</c>. It asks for each token by the line
/// <c>token</c>, and reads it from <c>token TOKEN</c>.
/// </summary>
/// <remarks><c>Hub.Client.Js/tests/stock/stockClient.mjs</c> understands and writes the same.</remarks>
internal sealed class StockClient
{
    private readonly HubConnection _connection;
    private readonly Channel<string> _tokens = Channel.CreateUnbounded<string>();

    public StockClient(Uri url, bool skipsNegotiation)
    {
        _connection = new HubConnectionBuilder()
            .WithUrl(url, HttpTransportType.WebSockets, options =>
            {
                options.SkipNegotiation = skipsNegotiation;
                options.AccessTokenProvider = AskForTokenAsync;
            })
            .WithAutomaticReconnect()
            .WithKeepAliveInterval(TimeSpan.FromSeconds(0.5))
            .Build();
        _connection.On<JsonElement>("Receive", argument => Write("received", argument));
        _connection.Reconnecting += _ => WriteAsync("reconnecting");
        _connection.Reconnected += _ => WriteAsync("reconnected");
        _connection.Closed += error => WriteAsync("closed", error?.Message);
    }

    /// <summary>Returns when it has been told to stop, or nobody can tell it anything any more.</summary>
    public async Task RunAsync()
    {
        while (await Console.In.ReadLineAsync() is { } line and not "stop")
        {
            // What runs may need the next line.
            _ = HandleAsync(line);
        }

        await _connection.DisposeAsync();
    }

    private async Task HandleAsync(string line)
    {
        try
        {
            switch (line.Split(' ', 3))
            {
                case ["start"]:
                    await _connection.StartAsync();
                    Write("connected");
                    break;
                case ["invoke", var method, var arguments]:
                    var given = JsonSerializer.Deserialize<object[]>(arguments)!;
                    Write("answered", await _connection.InvokeCoreAsync<object?>(method, given));
                    break;
                case ["token", var token]:
                    await _tokens.Writer.WriteAsync(token);
                    break;
            }
        }
        catch (Exception failure)
        {
            Write("failed", failure.Message);
        }
    }

    private async Task<string?> AskForTokenAsync()
    {
        Write("token");
        return await _tokens.Reader.ReadAsync();
    }

    private static Task WriteAsync(string happened, object? detail = null)
    {
        Write(happened, detail);
        return Task.CompletedTask;
    }

    private static void Write(string happened, object? detail = null) =>
        Console.WriteLine(detail is null ? happened : $"{happened} {JsonSerializer.Serialize(detail)}");
}
