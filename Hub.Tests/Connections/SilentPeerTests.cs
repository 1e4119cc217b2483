using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.SignalR;
using Microsoft.AspNetCore.SignalR.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using RealtimeHub.Connections;
using RealtimeHub.Delivery;
using RealtimeHub.Routing;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Connections;

/// <summary>A peer that is gone without a FIN is one that is connected and says nothing more, not even a ping.</summary>
public sealed class SilentPeerTests : IAsyncLifetime
{
    private static readonly TimeSpan ClientTimeout = TimeSpan.FromSeconds(2);
    private static readonly byte[] Handshake = Encoding.UTF8.GetBytes("""{"protocol":"json","version":1}""" + '\u001e');

    private readonly Node _node = new();

    public Task InitializeAsync()
    {
        _node.Services.GetRequiredService<IOptions<HubOptions<PushHub>>>().Value.ClientTimeoutInterval = ClientTimeout;
        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Fact]
    public async Task A_WebSocket_that_says_nothing_after_its_handshake_is_closed_within_the_client_timeout()
    {
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {await _node.MintAsync("gone")}");
        await socket.ConnectAsync(new UriBuilder(_node.Address) { Scheme = "ws", Path = "hub" }.Uri, CancellationToken.None);
        await socket.SendAsync(Handshake, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

        await IsClosedAsync();
    }

    [Theory]
    [InlineData("text/event-stream")]
    [InlineData("*/*")]
    public async Task A_negotiated_connection_that_says_nothing_after_its_handshake_is_closed_within_the_client_timeout(string accept)
    {
        var (path, grant) = await NegotiateAsync();
        if (accept == "*/*")
        {
            // The first poll opens the connection, and is answered at once.
            using var opened = await _node.Client.SendAsync(Request(HttpMethod.Get, path, grant, accept));
        }

        var waiting = _node.Client.SendAsync(Request(HttpMethod.Get, path, grant, accept), HttpCompletionOption.ResponseHeadersRead);
        using var handshake = Request(HttpMethod.Post, path, grant, accept);
        handshake.Content = new ByteArrayContent(Handshake);
        using var answer = await _node.Client.SendAsync(handshake);
        answer.EnsureSuccessStatusCode();

        await IsClosedAsync();
        (await waiting).Dispose();
    }

    [Fact]
    public async Task A_peer_that_only_pings_stays()
    {
        await using var pinging = _node.ClientFor("here");
        pinging.KeepAliveInterval = TimeSpan.FromSeconds(0.5);
        await pinging.StartAsync();
        using var gone = new ClientWebSocket();
        gone.Options.SetRequestHeader("Authorization", $"Bearer {await _node.MintAsync("gone")}");
        await gone.ConnectAsync(new UriBuilder(_node.Address) { Scheme = "ws", Path = "hub" }.Uri, CancellationToken.None);
        await gone.SendAsync(Handshake, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

        await IsClosedAsync();

        pinging.State.Should().Be(HubConnectionState.Connected);
        Users.Should().Equal(Address.User("here"));
    }

    private IEnumerable<Address?> Users =>
        _node.Services.GetRequiredService<ConnectionRegistry>().Connections.Select(connection => connection.User);

    /// <summary>The hub looks once a second, and gives a WebSocket five to answer its close.</summary>
    private async Task IsClosedAsync()
    {
        await Eventually.HoldsAsync(() => Task.FromResult(Users.Contains(Address.User("gone"))));
        await Eventually.HoldsAsync(() => Task.FromResult(!Users.Contains(Address.User("gone"))), ClientTimeout + TimeSpan.FromSeconds(10));
    }

    private async Task<(string Path, string Grant)> NegotiateAsync()
    {
        using var negotiate = Request(HttpMethod.Post, "hub/negotiate?negotiateVersion=1", await _node.MintAsync("gone"), "*/*");
        using var response = await _node.Client.SendAsync(negotiate);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return ($"hub?id={answer.GetProperty("connectionToken").GetString()}", answer.GetProperty("accessToken").GetString()!);
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string credential, string accept) => new(method, path)
    {
        Headers = { Authorization = new AuthenticationHeaderValue("Bearer", credential),
            Accept = { MediaTypeWithQualityHeaderValue.Parse(accept) } },
    };
}
