using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Ingress;

/// <summary>Bodies that are none: the sender's mistake, told as such, and no error of ours.</summary>
public sealed class MalformedBodyTests : IAsyncLifetime
{
    private readonly Node _node = new();

    public static TheoryData<string, string> Requests
    {
        get
        {
            var requests = new TheoryData<string, string>();
            foreach (var path in ApiTests.Paths.Select<object[], string>(row => (string)row[0]).Append("/demo/users/alice/messages"))
            {
                foreach (var body in (string[])
                [
                    "Transfer-Encoding: chunked\r\n\r\nzz\r\n", "Transfer-Encoding: chunked\r\n\r\n-1\r\n", "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloXX",
                    "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n", "Transfer-Encoding: chunked\r\n\r\n{\"type\":\"t\"}\r\n0\r\n\r\n",
                    "Content-Length: -1\r\n\r\n", "Content-Length: 1x\r\n\r\nx", "Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
                    "Content-Length: 99999999999999999999\r\n\r\nx", "Transfer-Encoding: gzip\r\n\r\nx", "Transfer-Encoding: chunked, gzip\r\n\r\nx",
                ])
                {
                    requests.Add(path, body);
                }
            }

            return requests;
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _node.DisposeAsync();

    [Theory]
    [MemberData(nameof(Requests))]
    public async Task Every_door_refuses_it_with_400_and_has_no_error_to_tell(string path, string headersAndBody)
    {
        var (status, answer) = await RawHttp.SendAsync(_node.Address,
            $"POST {path} HTTP/1.1\r\nHost: {_node.Address.Authority}\r\nConnection: close\r\nX-Api-Key: {Node.ApiKey}\r\nContent-Type: application/json\r\n{headersAndBody}");

        status.Should().Be(400, answer);
        answer.Should().NotContain("   at ");
        _node.Log.Errors.Should().BeEmpty();
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nA\r\n{\"type\":")]
    [InlineData("Content-Length: 100\r\n\r\n{\"type\":\"t\"}")]
    public async Task One_that_ends_too_soon_is_no_error_either_if_nobody_is_left_to_be_told(string headersAndBody)
    {
        var (status, _) = await RawHttp.SendAsync(_node.Address,
            $"POST /api/users/alice/messages HTTP/1.1\r\nHost: {_node.Address.Authority}\r\nX-Api-Key: {Node.ApiKey}\r\nContent-Type: application/json\r\n{headersAndBody}", thenEnd: true);

        status.Should().BeOneOf(0, 400);
        _node.Log.Errors.Should().BeEmpty();
    }

    [Fact]
    public async Task The_answer_says_what_is_wrong_with_the_body()
    {
        var (_, answer) = await RawHttp.SendAsync(_node.Address,
            $"POST /api/tokens HTTP/1.1\r\nHost: {_node.Address.Authority}\r\nX-Api-Key: {Node.ApiKey}\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");

        answer.Should().Contain("\"body_invalid\"").And.Contain("chunks").And.Contain("no-store").And.Contain("nosniff");
    }

    [Fact]
    public async Task A_client_of_the_hub_that_sends_such_a_body_makes_no_error_either()
    {
        var (_, answer) = await RawHttp.SendAsync(_node.Address,
            $"POST /hub/negotiate?negotiateVersion=1 HTTP/1.1\r\nHost: {_node.Address.Authority}\r\nConnection: close\r\nAuthorization: Bearer {await _node.MintAsync("alice")}\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");

        answer.Should().NotContain(" 500 ");
        _node.Log.Errors.Should().BeEmpty();
    }
}
