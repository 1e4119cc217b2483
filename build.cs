#:property PublishAot=false
// The build, in C#, so that it runs wherever the SDK does: dotnet run build.cs TARGET. `help` lists the targets.
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;

const string Usage = """
    dotnet run build.cs TARGET

      setup   installs what building and testing need and this machine lacks (Debian, Ubuntu), and runs npm ci
      build   builds the server, the clients, the samples and the tests in Release
      test    setup, build, then every test: .NET, TypeScript, browser. Ends with: N passed, N failed, N skipped
              --fast is for while one writes: under ninety seconds on two cores that have nothing else to do. It leaves out what
              starts programs, browsers and brokers, what starts a server for each of its tests, and the linter, and says which. What it
              runs still has conventions, rules by themselves, both stores, and a message's way through two nodes to a client
              The suite that breaks everything throws its dice twice, with seeds drawn anew each time, and prints them.
              --seed N throws those of one seed again
              --long throws them ten times, and publishes 100,000 messages each time, not a few thousand: about an hour more
      bench   builds, and measures the hub beside its peers. What follows goes to Hub.Bench:
              --quick does less of everything: under three minutes on two cores. --help lists the rest
      mutate  breaks the code of both readers, Resuming, Authentication and Routing, one small mutant after the other, and lists those that
              no test notices. By hand, not in CI, on a quiet machine. docs/mutation.md says which of them may live.
              Hub.Backend, Hub.Server, Hub.Client or Hub.Client.Js behind it: only that one. What follows goes to Stryker
      publish makes what an operator runs, below artifacts/publish: the server with its own .NET, compiled ahead of time together with it,
              for linux-x64 and linux-arm64. It takes some minutes for each
              linux-x64 or linux-arm64 behind it: only that one
              --check also starts the one that runs here, and has it mint a token, let a client in, push to it and tell its metrics
      pack    builds the NuGet packages and the npm package into artifacts/packages
      help    shows this
    """;

// What the tests start for real: the file that shows it is there, and the Debian package that brings it.
(string File, string Package)[] needs =
[
    ("/usr/bin/redis-server", "redis-server"),
    ("/usr/bin/redis-sentinel", "redis-sentinel"),
    ("/usr/bin/redis-cli", "redis-tools"),
    ("/usr/bin/chromium", "chromium"),
    ("/usr/sbin/rabbitmq-server", "rabbitmq-server"),
    ("/usr/bin/amqp-publish", "amqp-tools"),
    ("/usr/sbin/nginx", "nginx-light"),
    ("/usr/sbin/haproxy", "haproxy"),
    ("/usr/bin/promtool", "prometheus"),
    ("/usr/bin/curl", "curl"),
    ("/usr/bin/systemd-analyze", "systemd"),
    ("/usr/bin/python3", "python3"),
    ("/usr/lib/python3/dist-packages/django/__init__.py", "python3-django"),
    ("/usr/lib/python3/dist-packages/redis/__init__.py", "python3-redis"),
    ("/usr/lib/python3/dist-packages/pika/__init__.py", "python3-pika"),
    ("/usr/lib/python3/dist-packages/tornado/__init__.py", "python3-tornado"),
    ("/usr/lib/python3/dist-packages/yaml/__init__.py", "python3-yaml"),
];

// What --fast leaves out: folders (with a dot behind them) and classes of Hub.Tests, and tests of the client. All else is in it.
string[] slow =
[
    "Bench.", "CommandLine.", "Deploy.", "Documentation.", "EndToEnd.", "Packages.", "Ingress.RabbitMq.", "Events.",
    "Authentication.AmbiguousRequestTests", "Authentication.AnyHubTests", "Authentication.OriginTests", "Authentication.RequiredTokenTests",
    "Authentication.SeedFormatTests",
    "Client.GivenUpTests", "Client.MistakeTests", "Client.ModelTests",
    "Connections.CloseReasonTests", "Connections.ConnectionDrainTests", "Connections.DatabaseTests", "Connections.EmbeddingTests",
    "Connections.ExpiryTests", "Connections.HeadsOnTheWireTests", "Connections.HostServicesTests", "Connections.Http2Tests",
    "Connections.SilentPeerTests",
    "Hosting.AnswersInPiecesTests", "Hosting.ConnectionLimitsTests", "Hosting.DemoTests", "Hosting.MetricsExportTests",
    "Hosting.TraceExportTests",
    "Ingress.ApiKeysTests", "Ingress.ApiReferenceTests", "Ingress.HostTests", "Ingress.IdempotencyScopeTests", "Ingress.MalformedBodyTests",
    "Ingress.MessageRateTests", "Ingress.PathBaseTests",
    "Insight.CanaryTests", "Insight.MetricsTests", "Insight.SpanTests", "Insight.WarmupTests", "Insight.WarmupAddressTests",
    "Nodes.HeartbeatTests",
    "Operations.BacklogTests", "Operations.HealthTests", "Operations.ListeningOrderTests", "Operations.LogFormatTests", "Operations.RedactionTests",
    "Operations.RefusalLogTests", "Operations.StartTests", "Operations.TelemetryTests", "Operations.TraceTests",
    "Redis.ConnectionStringTests", "Redis.FailOverTests", "Redis.RefusingRedisTests",
    "Tokens.FailoverTests", "Tokens.SeedFormatTests", "Tokens.WebAppTests",
    "Transport.",
];
string[] platforms = ["linux-x64", "linux-arm64"];
string[] slowScripts = ["tests/e2e/**", "tests/package/**", "tests/process/**"];
var fast = args.Contains("--fast");

var root = Path.GetDirectoryName(EntryPoint()) ?? Environment.CurrentDirectory;
var results = Path.Combine(root, "artifacts", "test-results");
var client = Path.Combine(root, "Hub.Client.Js");

switch (args.FirstOrDefault() ?? "help")
{
    case "setup": return Setup() ? 0 : 1;
    case "build": return RestoreClient() && Build() ? 0 : 1;
    case "test" when fast: return Setup() && Build("Hub.Tests") ? Test([]) : 1;
    case "test": return Seeds() is { } seeds && Setup() && Build() ? Test(seeds) : 1;
    case "bench": return Setup() && Build("Hub.Bench") ? Bench(args[1..]) : 1;
    case "mutate": return InstallPackages() && RestoreClient() ? Mutate() : 1;
    case "publish": return Platforms() is { } chosen && chosen.All(Publish) && (!args.Contains("--check") || await CheckAsync(chosen)) ? 0 : 1;
    case "pack": return RestoreClient() && Build() && Pack() ? 0 : 1;
    case "help" or "--help" or "-h": Console.WriteLine(Usage); return 0;
    case var unknown: Console.Error.WriteLine($"There is no target '{unknown}'.\n\n{Usage}"); return 2;
}

int[]? Seeds()
{
    var place = Array.IndexOf(args, "--seed");
    if (place < 0)
    {
        return [.. Enumerable.Range(0, args.Contains("--long") ? 10 : 2).Select(_ => RandomNumberGenerator.GetInt32(int.MaxValue))];
    }

    if (int.TryParse(args.ElementAtOrDefault(place + 1), out var seed) && seed >= 0)
    {
        return [seed];
    }

    Fail("--seed takes a whole number from 0 on.");
    return null;
}

bool Setup() => InstallPackages() && RestoreClient()
    && RestorePackages(Path.Combine(client, "tests", "package"))
    && RestorePackages(Path.Combine(root, "Hub.Bench", "Peers", "socketio"));

bool InstallPackages()
{
    string[] missing = [.. needs.Where(need => !File.Exists(need.File)).Select(need => need.Package)];
    if (missing.Length == 0)
    {
        return true;
    }

    if (!File.Exists("/usr/bin/apt-get"))
    {
        return Fail($"The tests need {string.Join(", ", missing)}. Install them with this system's package manager, so that {string.Join(", ", needs.Select(need => need.File))} exist.");
    }

    Say($"Installing {string.Join(", ", missing)}");
    string[] asRoot = Environment.IsPrivilegedProcess ? [] : ["sudo"];
    return Run(root, [.. asRoot, "apt-get", "update", "-qq"])
        && Run(root, [.. asRoot, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "install", "-y", "-qq", "--no-install-recommends", .. missing]);
}

bool RestoreClient() => RestorePackages(client);

bool RestorePackages(string folder)
{
    var stamp = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
    return (stamp.Exists && stamp.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json")))
        || Run(folder, ["npm", "ci", "--no-audit", "--no-fund"]);
}

bool Build(string what = "RealtimeHub.sln")
{
    Say("Building");
    return Run(root, ["dotnet", "build", what, "--configuration", "Release", "--nologo"]);
}

string[]? Platforms()
{
    switch (args[1..].Except(["--check"]).ToArray())
    {
        case []: return platforms;
        case [var platform] when platforms.Contains(platform): return [platform];
        default: Fail($"The hub is published for {string.Join(" or ", platforms)}: name one of them, or none for all."); return null;
    }
}

// Compiled together with the framework, since storms come when a node has just started, and compiling would be most of what they cost.
bool Publish(string platform)
{
    var folder = PublishedFor(platform);
    Say($"Publishing for {platform}");
    if (Directory.Exists(folder))
    {
        Directory.Delete(folder, recursive: true);
    }

    if (!Run(root, ["dotnet", "publish", "Hub.Server", "--configuration", "Release", "--nologo", "--runtime", platform, "--self-contained",
        "-p:PublishReadyToRun=true", "-p:PublishReadyToRunComposite=true", "--output", folder]))
    {
        return false;
    }

    Console.WriteLine($"The hub for {platform} lies in {folder} and needs no .NET on its machine. Copy the folder there, and start it: ./Hub.Server serve");
    return true;
}

string PublishedFor(string platform) => Path.Combine(root, "artifacts", "publish", platform);

// As an operator and a browser do it: over HTTP and a WebSocket, without anything of ours.
async Task<bool> CheckAsync(string[] published)
{
    var here = $"linux-{RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant()}";
    if (!published.Contains(here))
    {
        return Fail($"--check starts what is published for {here}, and that was not asked for.");
    }

    Say($"Starting what is published for {here}");
    var key = RandomNumberGenerator.GetHexString(64, lowercase: true);
    var (address, metrics) = (new Uri($"http://127.0.0.1:{FreePort()}"), new Uri($"http://127.0.0.1:{FreePort()}/metrics"));
    using var http = new HttpClient { BaseAddress = address, DefaultRequestHeaders = { { "X-Api-Key", key } } };
    using var hub = Process.Start(new ProcessStartInfo(Path.Combine(PublishedFor(here), "Hub.Server"),
        ["--urls", $"{address}", "--Metrics:Urls", metrics.GetLeftPart(UriPartial.Authority), "--environment", "Production", "--Api:Keys:check", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))]))!;
    using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(1));
    try
    {
        await UntilReadyAsync(http, hub, deadline.Token);
        await PushAsync(http, deadline.Token);
        if (!(await http.GetStringAsync(metrics, deadline.Token)).Contains("realtimehub_deliveries_total"))
        {
            return Fail($"It does not measure what it delivers: {metrics}");
        }

        using var terminate = Process.Start("kill", ["-TERM", $"{hub.Id}"]);
        await hub.WaitForExitAsync(deadline.Token);
        Console.WriteLine("It was ready, let a client in by a token, pushed to it, measured that, and ended when it was told to.");
        return hub.ExitCode == 0 || Fail($"It ended with exit code {hub.ExitCode}.");
    }
    catch (Exception failure) when (failure is HttpRequestException or WebSocketException or OperationCanceledException or InvalidOperationException)
    {
        return Fail($"What is published does not work: {failure.Message}");
    }
    finally
    {
        hub.Kill();
    }
}

async Task UntilReadyAsync(HttpClient http, Process hub, CancellationToken cancellation)
{
    while (!await IsReadyAsync(http, cancellation))
    {
        if (hub.HasExited)
        {
            throw new InvalidOperationException($"it ended with exit code {hub.ExitCode}.");
        }

        await Task.Delay(TimeSpan.FromMilliseconds(20), cancellation);
    }
}

async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellation)
{
    try
    {
        return (await http.GetAsync("/health/ready", cancellation)).IsSuccessStatusCode;
    }
    catch (HttpRequestException)
    {
        return false;
    }
}

async Task PushAsync(HttpClient http, CancellationToken cancellation)
{
    var minted = await PostAsync("/api/tokens", """{"sub":"alice"}""");
    using var socket = new ClientWebSocket();
    await socket.ConnectAsync(new Uri($"ws://{http.BaseAddress!.Authority}/hub?access_token={minted["token"]}"), cancellation);
    await socket.SendAsync("{\"protocol\":\"json\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text, endOfMessage: true, cancellation);
    await ReceiveAsync("{}");
    await PostAsync("/api/users/alice/messages", """{"type":"hello"}""");
    await ReceiveAsync("\"hello\"");

    async Task<JsonNode> PostAsync(string path, string json)
    {
        using var answer = await http.PostAsync(path, new StringContent(json, Encoding.UTF8, "application/json"), cancellation);
        return (await answer.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<JsonNode>(cancellation))!;
    }

    async Task ReceiveAsync(string text)
    {
        var (buffer, received) = (new byte[16 * 1024], "");
        while (!received.Contains(text))
        {
            var read = await socket.ReceiveAsync(buffer, cancellation);
            received += read.MessageType == WebSocketMessageType.Text
                ? Encoding.UTF8.GetString(buffer, 0, read.Count)
                : throw new InvalidOperationException($"it closed the connection: {socket.CloseStatusDescription}");
        }
    }
}

int FreePort()
{
    using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
    return ((IPEndPoint)socket.LocalEndPoint!).Port;
}

bool Pack() => PackProject("Hub.Backend") && PackProject("Hub.Server") && PackProject("Hub.Client")
    && Run(client, ["npm", "pack", "--pack-destination", Path.Combine(root, "artifacts", "packages")]);

bool PackProject(string project) =>
    Run(root, ["dotnet", "pack", project, "--configuration", "Release", "--no-build", "--nologo", "--output", "artifacts/packages"]);

int Bench(string[] arguments)
{
    var program = Path.Combine("Hub.Bench", "bin", "Release", "net10.0", "Hub.Bench.dll");
    return Run(root, ["dotnet", program, "run", .. arguments]) ? 0 : 1;
}

// Survivors are for a reader to judge: only tools that cannot do their work fail.
int Mutate()
{
    string[] parts = ["Hub.Client.Js", "Hub.Client", "Hub.Backend", "Hub.Server"];
    string[] chosen = parts.Contains(args.ElementAtOrDefault(1)) ? [args[1]] : parts;
    string[] options = chosen.Length == 1 ? args[2..] : args[1..];
    var stryker = Path.Combine(client, "tests", "mutation");
    if (!RestorePackages(stryker) || !Run(root, ["dotnet", "tool", "restore"]))
    {
        Fail("Stryker.NET and StrykerJS come from NuGet and npm the first time, in the versions that are pinned here: run this once where both are reached.");
        return 1;
    }

    Environment.SetEnvironmentVariable("HUB_VECTORS", Path.Combine(root, "docs", "vectors"));
    foreach (var part in chosen)
    {
        Say($"Mutating {part}");
        var done = part == "Hub.Client.Js"
            ? Run(client, ["node", Path.Combine(stryker, "node_modules", "@stryker-mutator", "core", "bin", "stryker.js"),
                "run", Path.Combine(stryker, "stryker.json"), .. options])
            : Run(Path.Combine(root, "Hub.Tests"), ["dotnet", "stryker", "--config-file", Path.Combine("Mutation", $"{part}.json"),
                "--output", MutationOf(part), "--skip-version-check", .. options]);
        if (!done)
        {
            return 1;
        }
    }

    Array.ForEach(chosen, SaySurvivors);
    return 0;
}

string MutationOf(string part) => Path.Combine(root, "artifacts", "mutation", part);

// Both tools write the same kind of report.
void SaySurvivors(string part)
{
    var report = Path.Combine(MutationOf(part), "reports", "mutation-report.json");
    using var document = JsonDocument.Parse(File.ReadAllText(report));
    var mutants = document.RootElement.GetProperty("files").EnumerateObject()
        .SelectMany(file => file.Value.GetProperty("mutants").EnumerateArray().Select(mutant => (File: file.Name, Mutant: mutant)))
        .ToLookup(found => found.Mutant.GetProperty("status").GetString());

    var killed = mutants["Killed"].Count() + mutants["Timeout"].Count();
    Say($"{part}: {killed} killed, {mutants["Survived"].Count()} survived, {mutants["NoCoverage"].Count()} in code that no test ran");
    foreach (var (file, mutant) in mutants["Survived"].Concat(mutants["NoCoverage"]))
    {
        var line = mutant.GetProperty("location").GetProperty("start").GetProperty("line").GetInt32();
        var place = $"{Path.GetRelativePath(root, Path.Combine(client, file))}:{line}";
        Console.WriteLine($"{place} {mutant.GetProperty("mutatorName").GetString()}: {OneLine(mutant.GetProperty("replacement").GetString())}");
    }

    Console.WriteLine(Path.ChangeExtension(report, "html"));
}

int Test(int[] seeds)
{
    if (Directory.Exists(results))
    {
        Directory.Delete(results, recursive: true);
    }

    if (args.Contains("--long"))
    {
        Environment.SetEnvironmentVariable("HUB_TORTURE_MESSAGES", "100000");
    }

    Environment.SetEnvironmentVariable("HUB_TORTURE_SEEDS", string.Join(',', seeds));

    var started = Stopwatch.GetTimestamp();
    Say(fast ? "Testing .NET, what is fast" : $"Testing .NET. To break everything in the same order again: {string.Join(", ", seeds.Select(drawn => $"--seed {drawn}"))}");
    string[] filter = fast ? ["--filter", string.Join('&', slow.Select(name => $"FullyQualifiedName!~RealtimeHub.Tests.{name}"))] : [];
    var dotnet = Run(root, ["dotnet", "test", fast ? "Hub.Tests" : "RealtimeHub.sln", "--configuration", "Release", "--no-build", "--nologo", .. filter,
        "--logger", "trx", "--results-directory", results]);
    Say(fast ? "Testing TypeScript, what is fast" : "Testing TypeScript and the browser");
    var javascript = TestClient();

    Tally[] tallies = [.. Directory.EnumerateFiles(results, "*.trx").Select(ReadTrx), ReadVitest(Path.Combine(results, "vitest.json"))];
    var (passed, failed, skipped) =
        (tallies.Sum(tally => tally.Passed), tallies.Sum(tally => tally.Failed), tallies.Sum(tally => tally.Skipped));
    var complete = dotnet && javascript && tallies.All(tally => tally.Passed > 0);
    if (skipped > 0)
    {
        Fail("A skipped test hides a failure: every test must run.");
    }

    if (fast)
    {
        SayWhatIsLeftOut(Stopwatch.GetElapsedTime(started));
    }

    SayWhatFailed([.. tallies.SelectMany(tally => tally.Failures)]);
    Console.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
    return complete && failed == 0 && skipped == 0 ? 0 : 1;
}

// The linter takes longer than all tests that are fast. Types are checked either way.
bool TestClient()
{
    string[] report = ["--reporter=default", "--reporter=json", $"--outputFile.json={Path.Combine(results, "vitest.json")}"];
    return fast
        ? Run(client, ["npm", "run", "check"])
            && Run(client, ["npm", "test", "--ignore-scripts", "--", .. slowScripts.Select(script => $"--exclude={script}"), .. report])
        : Run(client, ["npm", "test", "--", .. report]);
}

// Said once more at the end: whoever gets only the last lines of a long log must know what to look at.
void SayWhatFailed(string[] failures)
{
    if (failures.Length > 0)
    {
        Say($"What failed{(failures.Length > 25 ? ", the first 25" : "")}");
        Array.ForEach(failures[..Math.Min(failures.Length, 25)], Console.WriteLine);
    }
}

string Failure(string? test, string? reason)
{
    var said = OneLine(reason);
    return $"{test}: {(said.Length > 600 ? $"{said[..600]}…" : said)}";
}

string OneLine(string? text) => string.Join(' ', (text ?? "").Split(default(char[]), StringSplitOptions.RemoveEmptyEntries));

// What grows slow is seen where it is run.
void SayWhatIsLeftOut(TimeSpan taken)
{
    Console.WriteLine($"Left out by --fast, and run without it: {string.Join(", ", slow.Concat(slowScripts))}, npm run lint");
    if (taken > TimeSpan.FromSeconds(90))
    {
        Console.WriteLine($"This took {taken.TotalSeconds:0} seconds. The slowest: {string.Join(", ", Slowest())}. If the machine was not busy, they belong into the list in build.cs.");
    }
}

IEnumerable<string> Slowest() => Directory.EnumerateFiles(results, "*.trx").SelectMany(file => XDocument.Load(file).Descendants())
    .Where(element => element.Name.LocalName == "UnitTestResult")
    .Select(test => (Class: ClassOf((string)test.Attribute("testName")!),
        Took: TimeSpan.Parse((string?)test.Attribute("duration") ?? "0", CultureInfo.InvariantCulture)))
    .GroupBy(test => test.Class, (name, tests) => (Class: name, Seconds: tests.Sum(test => test.Took.TotalSeconds)))
    .OrderByDescending(test => test.Seconds).Take(5).Select(test => $"{test.Class} {test.Seconds:0.0} s");

// A theory's arguments, which may have dots in them, stand behind its name.
string ClassOf(string test)
{
    var name = test.Split('(')[0];
    return name[..name.LastIndexOf('.')].Replace("RealtimeHub.Tests.", "");
}

// A fixture that fails while it cleans up, as one does that finds a secret in its log, has no failed test, and counts as one.
Tally ReadTrx(string file)
{
    var run = XDocument.Load(file);
    IEnumerable<XElement> All(string name) => run.Descendants().Where(element => element.Name.LocalName == name);
    XElement Find(string name) => All(name).First();
    int Count(string name) => (int)Find("Counters").Attribute(name)!;
    string? Said(XElement element) => element.Descendants().FirstOrDefault(found => found.Name.LocalName is "Message" or "Text")?.Value;
    var failed = Math.Max(Count("executed") - Count("passed"), (string?)Find("ResultSummary").Attribute("outcome") == "Completed" ? 0 : 1);
    var failures = All("UnitTestResult").Where(test => (string?)test.Attribute("outcome") == "Failed")
        .Select(test => Failure((string?)test.Attribute("testName"), Said(test)))
        .Concat(All("RunInfo").Where(info => (string?)info.Attribute("outcome") == "Error").Select(info => Failure("The run", Said(info)))
            .Where(said => !said.EndsWith("[FAIL]", StringComparison.Ordinal)));
    return new(Count("passed"), failed, Count("total") - Count("executed"), [.. failures]);
}

// A suite that could not even be loaded has no failed test either.
Tally ReadVitest(string file)
{
    if (!File.Exists(file))
    {
        return new(0, 1, 0, ["TypeScript: no test was run, see above."]);
    }

    using var report = JsonDocument.Parse(File.ReadAllText(file));
    int Count(string name) => report.RootElement.GetProperty(name).GetInt32();
    var failed = Math.Max(Count("numFailedTests"), report.RootElement.GetProperty("success").GetBoolean() ? 0 : 1);
    var failures = report.RootElement.GetProperty("testResults").EnumerateArray().SelectMany(FailuresOf);
    return new(Count("numPassedTests"), failed, Count("numPendingTests") + Count("numTodoTests"), [.. failures]);
}

IEnumerable<string> FailuresOf(JsonElement suite)
{
    var tests = suite.GetProperty("assertionResults").EnumerateArray().Where(test => test.GetProperty("status").GetString() == "failed")
        .Select(test => Failure(test.GetProperty("fullName").GetString(), test.GetProperty("failureMessages")[0].GetString()))
        .ToArray();
    return tests.Length > 0 || suite.GetProperty("status").GetString() == "passed"
        ? tests
        : [Failure(suite.GetProperty("name").GetString(), suite.GetProperty("message").GetString())];
}

bool Run(string directory, string[] command)
{
    using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { WorkingDirectory = directory })!;
    process.WaitForExit();
    return process.ExitCode == 0 || Fail($"{command[0]} {command[1]} ended with exit code {process.ExitCode}.");
}

bool Fail(string message)
{
    Console.Error.WriteLine(message);
    return false;
}

void Say(string step) => Console.WriteLine($"\n== {step}");

static string EntryPoint([System.Runtime.CompilerServices.CallerFilePath] string path = "") => path;

internal readonly record struct Tally(int Passed, int Failed, int Skipped, string[] Failures);
