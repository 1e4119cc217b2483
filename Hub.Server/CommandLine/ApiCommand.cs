using System.CommandLine;

namespace RealtimeHub.CommandLine;

/// <summary>A command that asks a hub which runs somewhere, over HTTP, as a backend with a key does.</summary>
internal abstract class ApiCommand : HubCommand
{
    private const string KeyVariable = "HUB_KEY";
    private const string UrlVariable = "HUB_URL";
    private const string LocalHub = "http://localhost:5080";

    private readonly Option<string> _url = new("--url")
    {
        Description = $"The hub; else {UrlVariable} of the environment, else {LocalHub}. The key is {KeyVariable} of the environment, since others can read a command line.",
        HelpName = "address",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(UrlVariable) is { Length: > 0 } url ? url : LocalHub,
    };

    protected ApiCommand(string name, string description, string answer, string[] examples)
        : base(name, description, examples)
    {
        Add(_url);
        Add(new JsonOption(answer));
        _url.Validators.Add(result =>
        {
            if (!TryReadAddress(result.GetValueOrDefault<string>(), out _))
            {
                result.AddError("The address of a hub begins with http:// or https://, such as https://push.example.");
            }
        });
        SetAction(async (parsed, _) => await (await TryAsync(parsed)).WriteAsync(JsonOption.IsGiven(parsed)));
    }

    /// <exception cref="HubApiException">The hub refuses, or does not answer.</exception>
    protected abstract Task<Outcome> AskAsync(ParseResult parsed, HubApi hub);

    private async Task<Outcome> TryAsync(ParseResult parsed)
    {
        TryReadAddress(parsed.GetRequiredValue(_url), out var address);
        using var hub = new HubApi(address!, Environment.GetEnvironmentVariable(KeyVariable));
        try
        {
            return await AskAsync(parsed, hub);
        }
        catch (HubApiException failed)
        {
            return failed.Outcome;
        }
    }

    // Behind a path the address has it, and what is asked for stands below.
    private static bool TryReadAddress(string? text, out Uri? address) =>
        Uri.TryCreate($"{text?.TrimEnd('/')}/", UriKind.Absolute, out address)
        && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
}
