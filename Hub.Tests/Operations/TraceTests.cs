using System.Globalization;
using System.Text.RegularExpressions;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Operations;

/// <summary>
/// What is in the log of a hub that logs everything, after somebody has tried to get a secret into it, or words of his own.
/// </summary>
public sealed partial class TraceTests
{
    /// <summary>So much of a secret in a row is no coincidence.</summary>
    private const int Telling = 10;

    [Theory]
    [InlineData("simple")]
    [InlineData("json")]
    [InlineData("systemd")]
    public async Task No_format_of_the_console_shows_a_secret_or_what_drives_a_terminal(string format)
    {
        await using var server = ServerProcess.Start("Production",
            "--Logging:Console:FormatterName", format, "--Logging:Console:FormatterOptions:IncludeScopes", "true", "--Logging:LogLevel:Default", "Trace",
            "--Logging:LogLevel:Microsoft.AspNetCore", "Trace", "--Logging:LogLevel:Microsoft.AspNetCore.DataProtection", "Trace",
            "--Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "Trace", "--Api:Keys:tests", Node.Sha256(Node.ApiKey));
        var provocation = new Provocation(await server.AddressAsync());

        await provocation.RunAsync();
        await server.TerminateAsync();
        (await server.ExitCodeAsync()).Should().Be(0);

        server.Output.Should().ContainAll("/nowhere", "Request starting", "evil.example");
        ShouldTellNothing(server.Output.Split('\n'), provocation.Secrets);
    }

    [Fact]
    public async Task No_provider_is_handed_one_in_a_message_a_value_a_scope_or_an_exception()
    {
        var node = new Node();
        var provocation = new Provocation(node.Address);

        await provocation.RunAsync();
        await node.DisposeAsync();

        node.Log.Lines.Should().Contain(line => line.Contains("/nowhere")).And.Contain(line => line.Contains("TransportConnectionId"));
        ShouldTellNothing(node.Log.Lines, provocation.Secrets);
    }

    private static void ShouldTellNothing(IReadOnlyCollection<string> lines, IReadOnlyCollection<string> secrets)
    {
        var parts = secrets.SelectMany(
            secret => Enumerable.Range(0, secret.Length - Telling + 1).Select(start => secret.Substring(start, Telling))).ToArray();
        lines.Where(line => parts.Any(Plain(line).Contains)).Should().BeEmpty("no secret may stand in a log, however it is spelled");

        // A stack trace has lines of its own, and the console puts them there.
        lines.Where(line => line.Any(character => character != '\n' && IsUnsafe(character))).Should().BeEmpty("nobody may drive a terminal through a log");
        lines.SelectMany(line => line.Split('\n')).Should().NotContain(line => line.TrimStart().StartsWith("FORGED"), "nobody may write a line of a log");
    }

    private static bool IsUnsafe(char character) =>
        char.GetUnicodeCategory(character) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator;

    /// <summary>The line without any encoding, as somebody would read it who looks for a secret.</summary>
    private static string Plain(string line)
    {
        for (var before = ""; before != line;)
        {
            before = line;
            line = Escape().Replace(Uri.UnescapeDataString(line), escape => ((char)int.Parse(
                escape.Groups["code"].Value, NumberStyles.HexNumber, CultureInfo.InvariantCulture)).ToString());
        }

        return line;
    }

    [GeneratedRegex(@"\\(?:u00|x)(?<code>[0-9a-fA-F]{2})")]
    private static partial Regex Escape();
}
