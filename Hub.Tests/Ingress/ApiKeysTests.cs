using System.Net;
using System.Text.Json;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress;

public sealed class ApiKeysTests
{
    private const string Old = "the old key";
    private const string New = "the new key";

    [Fact]
    public async Task While_a_key_is_changed_the_old_and_the_new_one_open()
    {
        await using var node = new Node(("Api:Keys:tests", $"{Node.Sha256(Old)}, {Node.Sha256(New)}"));

        (await StatusesAsync(node)).Should().Equal(HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task What_is_wrong_with_the_keys_is_told_at_start_without_repeating_them()
    {
        var (one, two, three) = (Node.Sha256("1"), Node.Sha256("2"), Node.Sha256("3"));
        await using var server = ServerProcess.Start("Production",
            "--Api:Keys:three", $"{one},{two},{three}", "--Api:Keys:twice", $"{three},{three}", "--Api:Keys:half", $"{two},the key itself", "--Api:Keys:gap", $"{one},",
            "--Api:Keys:thief", two, "--Api:MessagesPerSecond", "-1");

        (await server.ExitCodeAsync()).Should().Be(1);
        server.Output.Should().ContainAll(
            "Api:Keys:three may hold two hashes at the most", "Api:Keys:twice holds the same hash twice", "Api:Keys:half must be the lower-case hex SHA-256", "Api:Keys:gap must be",
            "Api:Keys:half and Api:Keys:thief and Api:Keys:three hold the same hash", "Api:MessagesPerSecond must be between 1 and 1000000, or 0")
            .And.NotContainAny(one, two, three, "the key itself");
    }

    [Fact]
    public async Task A_key_is_changed_without_a_restart_and_a_mistake_on_the_way_keeps_the_old_ones()
    {
        using var settings = new SettingsFile(Node.Sha256(Old));
        await using var node = new Node(("Api:Keys:tests", Node.Unset)) { SettingsFile = settings.Path };
        (await StatusesAsync(node)).Should().Equal(HttpStatusCode.Accepted, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized);

        settings.Save($"{Node.Sha256(Old)},{New}");
        await Eventually.HoldsAsync(() => Task.FromResult(node.Log.Errors.Any(line => line.Contains("ApiKeysKept"))));
        (await StatusesAsync(node)).Should().Equal(HttpStatusCode.Accepted, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized);

        settings.Save($"{Node.Sha256(Old)},{Node.Sha256(New)}");
        await Eventually.HoldsAsync(
            async () => (await StatusesAsync(node)) is [HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.Unauthorized]);
        await Eventually.HoldsAsync(() => Task.FromResult(node.Log.Lines.Any(line => line.Contains("ApiKeysRead") && line.Contains("tests (2)"))));

        settings.Save(Node.Sha256(New));
        await Eventually.HoldsAsync(
            async () => (await StatusesAsync(node)) is [HttpStatusCode.Unauthorized, HttpStatusCode.Accepted, HttpStatusCode.Unauthorized]);
        node.Log.Lines.Should().NotContain(line => line.Contains(New) || line.Contains(Node.Sha256(Old)), "somebody may have put the key itself there");
    }

    [Fact]
    public async Task A_backend_whose_name_is_taken_out_is_shut_out_at_once()
    {
        using var settings = new SettingsFile(Node.Sha256(Old));
        await using var node = new Node(("Api:Keys:tests", Node.Unset)) { SettingsFile = settings.Path };
        (await StatusesAsync(node))[0].Should().Be(HttpStatusCode.Accepted);

        File.WriteAllText(settings.Path, "{}");

        await Eventually.HoldsAsync(async () => (await StatusesAsync(node))[0] == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_settings_file_that_is_no_JSON_changes_nothing()
    {
        using var settings = new SettingsFile(Node.Sha256(Old));
        await using var node = new Node(("Api:Keys:tests", Node.Unset)) { SettingsFile = settings.Path };
        (await StatusesAsync(node))[0].Should().Be(HttpStatusCode.Accepted);

        File.WriteAllText(settings.Path, """{"Api":{"Keys":{"tests":""");
        settings.Save($"{Node.Sha256(Old)},{Node.Sha256(New)}");

        await Eventually.HoldsAsync(async () =>
        {
            var statuses = await StatusesAsync(node);
            statuses[0].Should().Be(HttpStatusCode.Accepted);
            return statuses[1] == HttpStatusCode.Accepted;
        });
    }

    /// <summary>How the old key, the new one and a wrong one are answered.</summary>
    private static async Task<HttpStatusCode[]> StatusesAsync(Node node)
    {
        var statuses = new List<HttpStatusCode>();
        foreach (var key in (string[])[Old, New, "a wrong one"])
        {
            var request = Node.Api("/api/everyone/messages", new { type = "t" });
            request.Headers.Remove("X-Api-Key");
            request.Headers.Add("X-Api-Key", key);
            statuses.Add((await node.Client.SendAsync(request)).StatusCode);
        }

        return [.. statuses];
    }

    private sealed class SettingsFile : IDisposable
    {
        private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("realtimehub-settings-");

        public SettingsFile(string keys) => Save(keys);

        public string Path => System.IO.Path.Combine(_folder.FullName, "settings.json");

        public void Save(string keys) =>
            File.WriteAllText(Path, JsonSerializer.Serialize(new { Api = new { Keys = new { tests = keys } } }));

        public void Dispose() => _folder.Delete(recursive: true);
    }
}
