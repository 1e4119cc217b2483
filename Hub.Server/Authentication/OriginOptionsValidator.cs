using Microsoft.Extensions.Options;

namespace RealtimeHub.Authentication;

internal sealed class OriginOptionsValidator : IValidateOptions<OriginOptions>
{
    public ValidateOptionsResult Validate(string? name, OriginOptions options)
    {
        var result = new ValidateOptionsResultBuilder();
        for (var index = 0; index < options.Allowed.Count; index++)
        {
            if (!IsOrigin(options.Allowed[index]))
            {
                result.AddError(
                    $"Origins:Allowed:{index} is '{options.Allowed[index]}', which is no origin. Write it as a browser sends it, such as https://app.example.com: " +
                    "lower case, no path, no final slash, no wildcard, no default port.");
            }
        }

        return result.Build();
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https"
        && text == uri.GetLeftPart(UriPartial.Authority)
        && uri.UserInfo.Length == 0;
}
