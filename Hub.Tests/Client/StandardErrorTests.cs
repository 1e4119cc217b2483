using Microsoft.Extensions.Logging;
using RealtimeHub.Client;

namespace RealtimeHub.Tests.Client;

public sealed class StandardErrorTests
{
    private readonly StringWriter _output = new();

    [Fact]
    public void A_warning_is_a_line_and_what_is_less_is_nothing()
    {
        Logger.LogInformation("connected");
        Logger.LogWarning(new InvalidOperationException("not shown"), "cannot {Verb}", "connect");

        _output.ToString().Should().Be($"RealtimeHub.Client warning: cannot connect{Environment.NewLine}");
    }

    [Fact]
    public void An_error_has_its_stack()
    {
        Logger.LogError(new InvalidOperationException("by the handler"), "A handler has failed.");

        _output.ToString().Should().StartWith("RealtimeHub.Client error: A handler has failed. System.InvalidOperationException: by the handler");
    }

    [Fact]
    public void It_is_where_a_connection_logs_that_was_given_no_logger() =>
        new PushClientOptions { Url = new Uri("https://example.com/hub"), Token = _ => Task.FromResult<AccessToken>("t") }
            .LoggerFactory.Should().BeOfType<StandardError>();

    private ILogger Logger => new StandardError(_output).CreateLogger("any");
}
