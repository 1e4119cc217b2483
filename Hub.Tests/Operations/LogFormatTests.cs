using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Operations;

/// <summary>What the lines of a log have in every format: the time in UTC, and the name of the event, by which alerts find it.</summary>
public sealed class LogFormatTests
{
    private const string Time = @"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z ";

    [Theory]
    [InlineData("", $@"(?m)^{Time}warn: RealtimeHub\.Operations\.RefusalLog\[1\]\r?\n +Refused: Requests were refused \(1\)")]
    [InlineData("simple", $@"(?m)^{Time}warn: RealtimeHub\.Operations\.RefusalLog\[1\]\r?\n +Refused: Requests were refused \(1\)")]
    [InlineData("systemd", $@"(?m)^<4>{Time}RealtimeHub\.Operations\.RefusalLog\[1\] Refused: Requests were refused \(1\)")]
    [InlineData("json", $@"(?m)^\{{""Timestamp"":""{Time}"",.*""Message"":""Refused: Requests were refused \(1\).*""EventName"":""Refused""")]
    public async Task Each_line_has_them(string format, string expected)
    {
        await using var server = ServerProcess.Start("Production", format.Length == 0 ? [] : ["--Logging:Console:FormatterName", format]);
        using var http = new HttpClient();
        using var negotiate = new HttpRequestMessage(HttpMethod.Post, new Uri(await server.AddressAsync(), "/hub/negotiate"));
        negotiate.Headers.Add("Origin", "https://evil.example");

        await http.SendAsync(negotiate);
        await server.TerminateAsync();
        await server.ExitCodeAsync();

        server.Output.Should().MatchRegex(expected);
    }
}
