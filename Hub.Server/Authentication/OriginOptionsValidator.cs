using Microsoft.Extensions.Options;

namespace RealtimeHub.Authentication;

internal sealed class OriginOptionsValidator : IValidateOptions<OriginOptions>
{
    private const string Forms =
        "Write it as a browser does, such as https://app.example.com, http://localhost:3000, capacitor://localhost or chrome-extension://<id>: no path, no user, no wildcard.";

    public ValidateOptionsResult Validate(string? name, OriginOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        for (var index = 0; index < options.Allowed.Count; index++)
        {
            if (MistakeIn(options.Allowed[index]) is { } mistake)
            {
                result.AddError($"Origins:Allowed:{index} {mistake}");
            }
        }

        return result.Build();
    }

    private static string? MistakeIn(string origin)
    {
        var suggested = WebOrigin.Suggest(origin);
        var isOrigin =
            origin == WebOrigin.Opaque || (WebOrigin.TryParse(origin, out var parsed) && (!parsed.IsOfWeb || suggested == origin));
        return isOrigin ? null
            : suggested is not null && suggested != origin && WebOrigin.TryParse(suggested, out _) ? $"is not how a browser writes an origin. Write {suggested}."
            : $"is no origin. {Forms}";
    }
}
