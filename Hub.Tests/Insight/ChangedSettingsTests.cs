using Microsoft.Extensions.Configuration;
using RealtimeHub.Insight.Settings;
using RealtimeHub.Ingress.Http.Keys;
using RealtimeHub.Ingress.RabbitMq;
using RealtimeHub.Operations.Settings;
using RealtimeHub.Redis;
using RealtimeHub.Routing;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Tests.Insight;

/// <summary>What an operator sees of the settings of a node.</summary>
public sealed class ChangedSettingsTests
{
    [Theory]
    [InlineData("Routing:MaxMessages", "7", "7")]
    [InlineData("Redis:Connection", "redis.example:6379,user=hub,password=hunter2", "redis.example:6379,user=hub,password=*****")]
    [InlineData("RabbitMq:Uri", "amqp://hub:hunter2@rabbit.example/live", "amqp://rabbit.example/live")]
    [InlineData("Events:Url", "https://hub:hunter2@shop.example/events?key=hunter2", "https://shop.example/events")]
    [InlineData("Events:Secret", "whsec_hunter2", "***")]
    [InlineData("Api:Keys:shop", "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8", "***")]
    [InlineData("Api:Scopes:shop", "read", "read")]
    public void What_is_not_the_default_is_shown_without_what_is_secret_in_it(string key, string value, string shown) =>
        ShownOf(key, value).Should().Equal(new ChangedSetting(key, shown));

    [Theory]
    [InlineData("Routing:MaxMessages", "1000")]
    [InlineData("Redis:Connection", "")]
    [InlineData("Elsewhere:Password", "hunter2")]
    public void What_is_the_default_or_not_the_hubs_is_left_out(string key, string value) => ShownOf(key, value).Should().BeEmpty();

    private static IReadOnlyList<ChangedSetting> ShownOf(string key, string value) => new ChangedSettings(
        [
            KnownSection.Of<RoutingOptions>("Routing"), KnownSection.Of<RedisStoreOptions>("Redis"),
            KnownSection.Of<RabbitMqOptions>("RabbitMq"), KnownSection.Of<RabbitMqOptions>("RabbitMq"),
            KnownSection.Of<EventOptions>("Events"), KnownSection.Of<ApiOptions>("Api"),
        ],
        new ConfigurationBuilder().AddInMemoryCollection([KeyValuePair.Create(key, (string?)value)]).Build()).All;
}
