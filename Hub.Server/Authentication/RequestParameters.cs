using Microsoft.AspNetCore.WebUtilities;

namespace RealtimeHub.Authentication;

/// <summary>Reads the headers and query parameters that a hub uses, and notes if one could be read in two ways.</summary>
/// <remarks>
/// Proxies, SignalR and this code must read the same. So what no client needs to send is not interpreted at all: a name twice, in another
/// case, percent-encoded, or without a value. The query is split by the enumerator that <c>HttpRequest.Query</c> uses.
/// </remarks>
internal sealed class RequestParameters(HttpRequest request)
{
    /// <summary>What could be read in two ways, in words that repeat no value, or null. Of several, the last.</summary>
    public string? Ambiguity { get; private set; }

    public string? Header(string name) => request.Headers[name] switch
    {
        [] => null,
        [{ Length: > 0 } value] => value,
        [_] => Ambiguous($"The header {name} is empty."),
        _ => Ambiguous($"The header {name} is there more than once."),
    };

    public string? Parameter(string name)
    {
        string? found = null;
        foreach (var pair in new QueryStringEnumerable(request.QueryString.Value))
        {
            if (pair.DecodeName().Span.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                found = found is null ? Plain(pair, name) : Ambiguous($"The query parameter {name} is there more than once.");
            }
        }

        return found;
    }

    /// <summary>Notes an ambiguity, and returns null.</summary>
    public string? Ambiguous(string ambiguity)
    {
        Ambiguity = ambiguity;
        return null;
    }

    private string? Plain(QueryStringEnumerable.EncodedNameValuePair pair, string name) =>
        !pair.EncodedName.Span.SequenceEqual(name) ? Ambiguous($"The query parameter {name} is written in another case, or encoded.")
        : pair.EncodedValue.IsEmpty ? Ambiguous($"The query parameter {name} is empty.")
        : pair.EncodedValue.Span.ContainsAny('%', '+') ? Ambiguous($"The value of the query parameter {name} is encoded, which no such value needs.")
        : pair.EncodedValue.ToString();
}
