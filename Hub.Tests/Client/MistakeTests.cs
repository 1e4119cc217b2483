using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RealtimeHub.Client;

namespace RealtimeHub.Tests.Client;

/// <summary>Whoever makes an ordinary mistake reads in his log, once, what it is and what to do.</summary>
public sealed class MistakeTests : IAsyncLifetime
{
    private const string Closed = "http://127.0.0.1:9";

    private readonly ScriptedHub _hub = new();
    private readonly HttpClient _http = new();
    private readonly Recording<StateChange> _states = new();
    private readonly WebApplication _web;
    private ScriptedClient _client = null!;

    public MistakeTests()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listening => listening.UseHttps(Certificate()));
        });
        _web = builder.Build();
        _web.Map("/page", () => Results.Content("<html>", "text/html"));
        _web.Map("/signed-out", () => Results.Redirect("/sign-in?ReturnUrl=sesame"));
        _web.Map("/sign-in", () => Results.Content("<html>", "text/html"));
        _web.Map("/json", () => Results.Json("wstoken1"));
        _web.Map("/broken", () => Results.StatusCode(500));
    }

    public async Task InitializeAsync()
    {
        await _hub.InitializeAsync();
        await _web.StartAsync();
        _client = new ScriptedClient(_hub);
    }

    public async Task DisposeAsync()
    {
        _http.Dispose();
        await _web.DisposeAsync();
        await _hub.DisposeAsync();
    }

    [Fact]
    public Task The_wrong_path() => SaysAsync(
        new Uri(_hub.Url, "/wrong?key=sesame"), $"{_hub.Url.GetLeftPart(UriPartial.Authority)}/wrong: There is no hub at", "status 404", "Is the path right? It is /hub, unless");

    [Fact]
    public Task A_path_with_a_page() => SaysAsync(new Uri(Web, "/page"), "A page answered at", "Is the path right?");

    [Fact]
    public Task A_path_behind_a_sign_in() =>
        SaysAsync(new Uri(Web, "/signed-out"), $"/signed-out redirects to {Web}sign-in.", "If the hub is there, give that URL; if that is a sign-in page, keep it away from the hub's path.");

    [Fact]
    public Task A_hub_that_is_down() => SaysAsync(new Uri($"{Closed}/hub"), $"Nothing answers at {Closed}. Does it run, and is the port right?");

    [Fact]
    public Task A_host_that_does_not_exist() => SaysAsync(new Uri("http://hub.invalid/hub"), "There is no host named 'hub.invalid'. Is the name in the URL right?");

    [Fact]
    public Task A_certificate_that_is_not_trusted() =>
        SaysAsync(new Uri(Secure, "/hub"), $"No secure connection to {Secure.GetLeftPart(UriPartial.Authority)}", "certificate is invalid", "Does this machine trust the certificate");

    [Fact]
    public Task Https_where_there_is_http() =>
        SaysAsync(new UriBuilder(_hub.Url) { Scheme = "https" }.Uri, "No secure connection to", "does the port speak https?");

    [Fact]
    public Task Http_where_there_is_https() =>
        SaysAsync(new UriBuilder(Secure) { Scheme = "http", Path = "hub" }.Uri, "closed the connection without an answer. Is the port right, and does it speak what the URL begins with?");

    [Fact]
    public Task A_proxy_without_a_hub()
    {
        _hub.Refuses = _ => (502, null!);
        return SaysAsync(_hub.Url, "Something other than a hub answered with status 502", "Does the hub run behind that proxy?");
    }

    [Theory]
    [InlineData(403, "origin_refused")]
    [InlineData(401, "token_unknown")]
    [InlineData(401, "token_spent")]
    [InlineData(401, "token_malformed")]
    [InlineData(401, "token_audience")]
    public Task A_token_or_an_origin_that_the_hub_refuses(int status, string code)
    {
        _hub.Refuses = _ => (status, code);
        return SaysAsync(_hub.Url, $"The hub refused the connection with {status} {code}. As scripted.");
    }

    [Fact]
    public Task A_token_endpoint_that_is_not_there() =>
        SaysAsync(_hub.Url, new Uri(Web, "/hub-tokens?key=sesame"), $"There is no token endpoint at {Web}hub-tokens: a POST is answered with 404. Is the path right?");

    [Fact]
    public Task A_token_endpoint_that_is_down() =>
        SaysAsync(_hub.Url, new Uri($"{Closed}/hub-token"), $"The token endpoint could not be reached. Nothing answers at {Closed}.");

    [Fact]
    public Task A_token_endpoint_that_fails() => SaysAsync(_hub.Url, new Uri(Web, "/broken"), $"The token endpoint {Web}broken answered with 500 and no token.");

    [Fact]
    public Task A_page_instead_of_a_token() => SaysAsync(_hub.Url, new Uri(Web, "/page"), $"A page answered at {Web}page with 200 instead of a token. Is the path right?");

    [Fact]
    public Task Something_else_than_a_token() => SaysAsync(_hub.Url, new Uri(Web, "/json"), $"The token endpoint {Web}json answered with 200 and no token. It is to answer 200 with");

    [Fact]
    public Task JSON_in_place_of_a_token() =>
        SaysAsync(_client.Options with { Token = _ => Task.FromResult<AccessToken>("""{"token":"wstoken1"}""") }, "The token source answered with something that is no token.", "without quotes or JSON");

    [Fact]
    public Task A_token_source_that_throws() =>
        SaysAsync(_client.Options with { Token = _ => throw new InvalidOperationException("no such setting: Site") }, "The token source failed: no such setting: Site");

    [Fact]
    public async Task A_sign_in_page_stops_it_and_that_is_said()
    {
        await using var connection = new PushClient(_client.Options with { Token = TokenEndpoint.At(_http, new Uri(Web, "/signed-out")) });

        await connection.Awaiting(starting => starting.StartAsync()).Should().ThrowAsync<SignInRequiredException>();

        Warnings.Should().ContainSingle().Which.Should().Contain("Stopped until the client is started again: The user must sign in again.");
    }

    private Uri Web => Addresses[0];

    private Uri Secure => Addresses[1];

    private Uri[] Addresses =>
        [.. _web.Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.Select(
            address => new Uri(address))];

    private IEnumerable<string> Warnings =>
        _client.Log.Lines.Where(line => line.StartsWith(nameof(LogLevel.Warning), StringComparison.Ordinal));

    private Task SaysAsync(Uri hub, params string[] words) => SaysAsync(_client.Options with { Url = hub }, words);

    private Task SaysAsync(Uri hub, Uri tokens, params string[] words) =>
        SaysAsync(_client.Options with { Url = hub, Token = TokenEndpoint.At(_http, tokens) }, words);

    /// <summary>At the first failed attempt, and not again at the second.</summary>
    private async Task SaysAsync(PushClientOptions options, params string[] words)
    {
        await using var connection = new PushClient(options);
        connection.OnState(_states.Add);
        _ = connection.StartAsync();
        var first = await _states.NextAsync(change => change.RetryIn is not null);
        _client.Time.Advance(first.RetryIn!.Value);
        await _states.NextAsync(change => change.RetryIn is not null);

        var warning = Warnings.Should().ContainSingle().Which;
        warning.Should().Contain($"Cannot connect to the hub at {options.Url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)}: ");
        warning.Should().ContainAll(words);
        first.Error!.Message.Should().Contain(words[^1]);
        _client.Log.Lines.Should().NotContain(line => line.Contains("sesame", StringComparison.Ordinal));
    }

    private static X509Certificate2 Certificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate =
            request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), null);
    }
}
