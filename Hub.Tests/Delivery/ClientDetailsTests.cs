using System.Security.Claims;
using RealtimeHub.Delivery;
using RealtimeHub.Tests.Fixtures;

namespace RealtimeHub.Tests.Delivery;

public sealed class ClientDetailsTests
{
    [Fact]
    public void What_another_scheme_of_the_host_says_of_a_user_is_not_what_his_token_says()
    {
        var connection = new PipedConnection();
        connection.Transport.User!.AddIdentity(new ClaimsIdentity(
            [new Claim("sid", "a cookie's\nlabels forged"), new Claim("hub:label", "forged"), new Claim("exp", "4000000000")], "Cookies"));

        var details = ClientDetails.Of(connection.Context, DateTimeOffset.UnixEpoch);

        (details.Session, details.Expires).Should().Be((null, null));
        details.Labels.Should().BeEmpty();
        details.Fields.Should().Be("\nsince 0\ntransport ");
    }
}
