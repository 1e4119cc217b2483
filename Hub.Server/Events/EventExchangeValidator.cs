using Microsoft.Extensions.Options;
using RealtimeHub.Ingress.RabbitMq;
using RealtimeHub.Routing.Events;

namespace RealtimeHub.Events;

/// <summary>Compares the exchange for events with that from which the hub takes messages.</summary>
internal sealed class EventExchangeValidator(IOptions<RabbitMqOptions> broker) : IValidateOptions<EventOptions>
{
    public ValidateOptionsResult Validate(string? name, EventOptions options)
    {
        if (!options.HasExchange)
        {
            return ValidateOptionsResult.Success;
        }

        var result = new ValidateOptionsResultBuilder();
        if (!RabbitMqOptionsValidator.IsName(options.RabbitMqExchange))
        {
            result.AddError($"Events:RabbitMqExchange {RabbitMqOptionsValidator.NameRule}.");
        }

        if (!broker.Value.IsConfigured)
        {
            result.AddError("Events:RabbitMqExchange needs RabbitMq:Uri, which says where the broker is.");
        }

        if (options.RabbitMqExchange == broker.Value.Exchange)
        {
            result.AddError("Events:RabbitMqExchange must be another than RabbitMq:Exchange: there, the hub would take user.online for a message to the user online.");
        }

        return result.Build();
    }
}
