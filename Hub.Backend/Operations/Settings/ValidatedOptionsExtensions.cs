using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace RealtimeHub.Operations.Settings;

internal static class ValidatedOptionsExtensions
{
    /// <summary>
    /// Binds <typeparamref name="TOptions"/> to a section and checks it at start, so that a mistake ends the process with a sentence.
    /// </summary>
    /// <remarks>
    /// A value of the wrong type is told like any other mistake. The framework's own binding would throw for it at once, which would hide
    /// the other mistakes.
    /// </remarks>
    public static IServiceCollection AddValidatedOptions<TOptions, TValidator>(this IServiceCollection services, string section)
        where TOptions : class
        where TValidator : class, IValidateOptions<TOptions>
    {
        services.AddValidatedOptions<TOptions>(section);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TOptions>, TValidator>());
        return services;
    }

    /// <inheritdoc cref="AddValidatedOptions{TOptions, TValidator}" />
    /// <remarks>For options of which nothing is to be checked but the types.</remarks>
    public static IServiceCollection AddValidatedOptions<TOptions>(this IServiceCollection services, string section)
        where TOptions : class
    {
        if (services.Any(service => service.ServiceType == typeof(BoundSection<TOptions>)))
        {
            return services;
        }

        services.AddSingleton(KnownSection.Of<TOptions>(section));
        services.AddSingleton(provider => new BoundSection<TOptions>(provider.GetRequiredService<IConfiguration>().GetSection(section)));
        services.AddSingleton<IConfigureOptions<TOptions>>(provider => provider.GetRequiredService<BoundSection<TOptions>>());
        services.AddSingleton<IValidateOptions<TOptions>>(provider => provider.GetRequiredService<BoundSection<TOptions>>());
        services.AddOptions<TOptions>().ValidateOnStart();
        return services;
    }
}
