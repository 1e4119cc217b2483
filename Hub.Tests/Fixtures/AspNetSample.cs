using System.Diagnostics;
using System.Text.RegularExpressions;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>The site in samples/aspnet, beside a hub, and a browser in which somebody is signed in.</summary>
internal sealed partial class AspNetSample : IAsyncDisposable
{
    private readonly Process _process;
    private readonly HttpClient _browser;

    private AspNetSample(Process process, Uri address)
    {
        _process = process;
        _browser = new HttpClient { BaseAddress = address };
    }

    public static async Task<AspNetSample> StartAsync(RedisServer redis, Node hub)
    {
        var process = Process.Start(new ProcessStartInfo("dotnet", [SampleProgram.Assembly("aspnet", "Samples.AspNet"), "--urls", "http://127.0.0.1:0"])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = Path.GetTempPath(),
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["Redis__Connection"] = redis.Connection, ["Hub__Url"] = hub.Address.ToString() },
        })!;
        while (await process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (Listening().Match(line) is { Success: true } listening)
            {
                _ = process.StandardOutput.ReadToEndAsync();
                return new AspNetSample(process, new Uri(listening.Groups["address"].Value));
            }
        }

        throw new InvalidOperationException("The site ended before it listened.");
    }

    public Task SignInAsync(string name) => PostAsync("/SignIn", new() { ["Name"] = name });

    public Task SendNoteAsync(string to, string text) => PostAsync("/", new() { ["To"] = to, ["Text"] = text });

    public async ValueTask DisposeAsync()
    {
        _browser.Dispose();
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task PostAsync(string page, Dictionary<string, string> fields)
    {
        fields["__RequestVerificationToken"] = FormToken().Match(await _browser.GetStringAsync(page)).Groups["token"].Value;
        (await _browser.PostAsync(page, new FormUrlEncodedContent(fields))).EnsureSuccessStatusCode();
    }

    [GeneratedRegex(@"Now listening on: (?<address>http:\S+)")]
    private static partial Regex Listening();

    [GeneratedRegex("""__RequestVerificationToken" type="hidden" value="(?<token>[^"]+)""")]
    private static partial Regex FormToken();
}
