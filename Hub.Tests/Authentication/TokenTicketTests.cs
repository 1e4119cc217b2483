using System.Security.Claims;
using RealtimeHub.Authentication;
using RealtimeHub.Tokens;

namespace RealtimeHub.Tests.Authentication;

public sealed class TokenTicketTests
{
    private static readonly ClaimsIdentity OfACookie = new([new Claim(ClaimTypes.NameIdentifier, "victim")], "Cookies");

    [Fact]
    public void Whom_no_token_has_let_in_is_nobody_here() =>
        TokenTicket.UserOf(new ClaimsPrincipal(OfACookie)).Should().BeNull();

    [Fact]
    public void What_another_scheme_says_beside_the_token_is_not_asked()
    {
        var ticket = TokenTicket.For(new TokenRecord { Subject = "alice" }, SingleUseTokenDefaults.AuthenticationScheme);

        TokenTicket.UserOf(new ClaimsPrincipal([OfACookie, .. ticket.Principal.Identities])).Should().Be("alice");
    }
}
