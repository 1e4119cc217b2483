using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR.Client;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>A backend of a hub that is a process of its own, and the clients that it mints tokens for.</summary>
internal sealed class Backend(int port) : IDisposable
{
    public HttpClient Http { get; } = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

    public Task<string> MintAsync(string user) => MintAsync(new { sub = user });

    public async Task<string> MintAsync(object record)
    {
        using var answer = await Http.SendAsync(Node.Api("/api/tokens", record));
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonElement>()).GetProperty("token").GetString()!;
    }

    public async Task PublishAsync(string user)
    {
        using var answer = await Http.SendAsync(Node.Api($"/api/users/{Uri.EscapeDataString(user)}/messages", new { type = "hello" }));
        answer.EnsureSuccessStatusCode();
    }

    public async Task PublishAsync(string address, string type)
    {
        using var answer = await Http.SendAsync(Node.Api("/api/messages", new { messages = new[] { new { address, type } } }));
        answer.EnsureSuccessStatusCode();
    }

    public HubConnection ClientFor(string user, HttpTransportType transport = HttpTransportType.WebSockets) =>
        new HubConnectionBuilder().WithUrl(
            new Uri(Http.BaseAddress!, "hub"), transport, options => options.AccessTokenProvider = async () => await MintAsync(user)).Build();

    public void Dispose() => Http.Dispose();
}
