using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Insight;

/// <summary>The addresses at which a node may listen, and by which it then warms itself up: each in a process of its own.</summary>
public sealed class WarmupAddressTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> On = new() { ["Warmup__Enabled"] = "true" };

    private readonly RedisServer _redis = new();
    private readonly string _folder = Directory.CreateTempSubdirectory().FullName;

    public Task InitializeAsync() => _redis.InitializeAsync();

    public Task DisposeAsync()
    {
        _redis.Dispose();
        Directory.Delete(_folder, recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task It_goes_over_https_whatever_name_the_certificate_has()
    {
        await using var node = Run(["--urls", "https://127.0.0.1:0", .. Certificate()]);

        await WrittenAsync(node, "The node has warmed up");
    }

    [Fact]
    public async Task It_goes_over_a_socket_in_the_file_system()
    {
        await using var node = Run(["--urls", $"http://unix:{_folder}/hub.sock"]);

        await WrittenAsync(node, "The node has warmed up");
    }

    [Fact]
    public async Task It_goes_over_a_socket_in_the_file_system_with_https()
    {
        await using var node = Run(["--urls", $"https://unix:{_folder}/hub.sock", .. Certificate()]);

        await WrittenAsync(node, "The node has warmed up");
    }

    [Fact]
    public async Task Of_an_address_that_takes_only_HTTP_2_it_says_that_it_cannot_be_used()
    {
        await using var node = Run("--urls", "http://127.0.0.1:0", "--Kestrel:EndpointDefaults:Protocols", "Http2");

        await WrittenAsync(node, "HTTP/2 only");
        node.Output.Should().Contain("The node is not ready.").And.Contain("Warmup:Enabled=false does without it.");
    }

    [Fact]
    public async Task Of_an_address_that_takes_only_clients_with_a_certificate_it_says_that_it_cannot_be_used()
    {
        await using var node = Run(
            [
                "--Kestrel:Endpoints:Tls:Url", "https://127.0.0.1:0", "--Kestrel:Endpoints:Tls:ClientCertificateMode", "RequireCertificate",
                .. Certificate(),
            ]);

        await WrittenAsync(node, "only clients with a certificate, cannot be used");
        node.Output.Should().Contain("The node is not ready.").And.Contain("Warmup:Enabled=false does without it.");
    }

    private static Task WrittenAsync(ServerProcess node, string text) =>
        Eventually.HoldsAsync(() => Task.FromResult(node.Output.Contains(text, StringComparison.Ordinal)), TimeSpan.FromSeconds(60));

    private ServerProcess Run(params string[] arguments) => ServerProcess.RunIn(
        On,
        [
            .. arguments, "--Redis:Connection", _redis.Connection, "--Api:Keys:tests", Node.Sha256(Node.ApiKey),
            "--AllowedHosts", "hub.example.com",
        ]);

    private string[] Certificate()
    {
        using var key = ECDsa.Create();
        var request = new CertificateRequest("CN=hub.example.com", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        var path = Path.Combine(_folder, "hub.pfx");
        File.WriteAllBytes(path, certificate.Export(X509ContentType.Pfx, "password"));
        return ["--Kestrel:Certificates:Default:Path", path, "--Kestrel:Certificates:Default:Password", "password"];
    }
}
