using RealtimeHub.Redis;

namespace RealtimeHub.Tests.Redis;

/// <summary>What an answer of Redis means.</summary>
public sealed class RedisFaultTests
{
    [Theory]
    [InlineData("WRONGPASS invalid username-password pair or user is disabled.")]
    [InlineData("NOAUTH Authentication required.")]
    public void A_wrong_password_is_one_fault_whichever_answer_is_told(string answer) =>
        RedisFault.Of(new InvalidOperationException(answer)).Summary.Should()
            .Be("Redis refuses, since the user or the password is missing or wrong.");
}
