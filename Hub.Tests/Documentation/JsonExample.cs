using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace RealtimeHub.Tests.Documentation;

/// <summary>
/// JSON as a page shows it, one value or several. What is real equals it, but for what differs each time: an id stands for any id, and for
/// one and the same wherever it stands again; a token and a time (also in milliseconds, also within a text) for any; <c>…</c> for any text;
/// the length of what has a time in it for any.
/// </summary>
internal sealed partial class JsonExample(string shown)
{
    private readonly Dictionary<string, string> _ids = [];

    public void ShouldMatch(string real)
    {
        var (examples, values) = (ValuesIn(shown), ValuesIn(real));
        values.Should().HaveSameCount(examples, real);
        foreach (var (example, value) in examples.Zip(values))
        {
            Compare(example, value, "$");
        }
    }

    public void ShouldMatch(JsonElement real) => ShouldMatch(real.GetRawText());

    private void Compare(JsonElement example, JsonElement value, string path)
    {
        value.ValueKind.Should().Be(example.ValueKind, path);
        switch (example.ValueKind)
        {
            case JsonValueKind.Object:
                value.EnumerateObject().Select(property => property.Name).Should()
                    .Equal(example.EnumerateObject().Select(property => property.Name), path);
                example.EnumerateObject().ToList().ForEach(property => Compare(property.Value, value.GetProperty(property.Name), $"{path}.{property.Name}"));
                break;
            case JsonValueKind.Array:
                value.GetArrayLength().Should().Be(example.GetArrayLength(), path);
                Enumerable.Range(0, example.GetArrayLength()).ToList().ForEach(index => Compare(example[index], value[index], $"{path}[{index}]"));
                break;
            case JsonValueKind.String:
                Compare(example.GetString()!, value.GetString()!, path);
                break;
            case JsonValueKind.Number when Milliseconds().IsMatch(example.GetRawText()):
                value.GetRawText().Should().MatchRegex(Milliseconds().ToString(), path);
                break;
            case JsonValueKind.Number when path.EndsWith(".bytes", StringComparison.Ordinal):
                value.GetInt32().Should().BePositive(path);
                break;
            default:
                value.GetRawText().Should().Be(example.GetRawText(), path);
                break;
        }
    }

    private void Compare(string example, string value, string path)
    {
        if (example == "…")
        {
            return;
        }

        if (Kinds().Match(example) is not { Success: true } kind)
        {
            TimeInText().Replace(value, "…").Should().Be(TimeInText().Replace(example, "…"), path);
            return;
        }

        var same = kind.Groups.Cast<Group>().Single(group => group.Success && group.Name != "0").Name;
        Kinds().Match(value).Groups[same].Success.Should().BeTrue($"{path} is {value}, and the page shows {example}");
        if (same == "id" && !_ids.TryAdd(example, value))
        {
            value.Should().Be(_ids[example], path);
        }
    }

    private static List<JsonElement> ValuesIn(string text)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(text), new JsonReaderOptions { AllowMultipleValues = true });
        var values = new List<JsonElement>();
        while (reader.Read())
        {
            values.Add(JsonElement.ParseValue(ref reader));
        }

        return values;
    }

    [GeneratedRegex(@"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}")]
    private static partial Regex TimeInText();

    [GeneratedRegex(@"^1\d{12}$")]
    private static partial Regex Milliseconds();

    [GeneratedRegex(@"^(?:(?<id>\d+-\d+|[0-9a-f]{32})|(?<token>ws(?:token|reconnect[\w-]+\.)[\w-]{43})|(?<time>\d{4}-\d\d-\d\dT[\d:.]+\+00:00))$")]
    private static partial Regex Kinds();
}
