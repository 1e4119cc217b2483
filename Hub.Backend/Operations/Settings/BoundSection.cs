using Microsoft.Extensions.Options;

namespace RealtimeHub.Operations.Settings;

/// <summary>Binds options to a configuration section and turns what cannot be bound into a validation failure.</summary>
internal sealed class BoundSection<TOptions>(IConfigurationSection section) : IConfigureOptions<TOptions>, IValidateOptions<TOptions>
    where TOptions : class
{
    private string? _failure;

    public void Configure(TOptions options)
    {
        _failure = null;
        try
        {
            section.Bind(options);
        }
        catch (InvalidOperationException mistake)
        {
            _failure = mistake.InnerException is FormatException format ? $"{mistake.Message} {format.Message}" : mistake.Message;
        }
    }

    public ValidateOptionsResult Validate(string? name, TOptions options) =>
        _failure is null ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(_failure);
}
