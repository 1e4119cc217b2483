using System.Text;
using RealtimeHub.Bench.Load;

namespace RealtimeHub.Tests.Bench;

public sealed class HttpAnswerTests
{
    [Theory]
    [InlineData("Content-Length: 5\r\n\r\nhello")]
    [InlineData("content-length: 5\r\nServer: x\r\n\r\nhello")]
    [InlineData("Server: x\r\nCONTENT-LENGTH:5\r\n\r\nhello")]
    [InlineData("Content-Length: 0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    public void An_answer_is_whole_with_its_last_byte_and_not_before(string rest)
    {
        var bytes = Encoding.ASCII.GetBytes($"HTTP/1.1 202 Accepted\r\n{rest}");

        HttpAnswer.IsWhole(bytes).Should().BeTrue();
        Enumerable.Range(0, bytes.Length).Where(come => HttpAnswer.IsWhole(bytes.AsSpan(0, come))).Should().BeEmpty();
    }

    [Theory]
    [InlineData("HTTP/1.1 202 Accepted\r\n", 202)]
    [InlineData("HTTP/1.0 503\r\n", 503)]
    [InlineData("HTTP/1.1 nonsense", 0)]
    public void The_status_is_that_of_the_first_line(string answer, int status) =>
        HttpAnswer.Status(Encoding.ASCII.GetBytes(answer)).Should().Be(status);
}
