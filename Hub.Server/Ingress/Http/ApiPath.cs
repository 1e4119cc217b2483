using RealtimeHub.Operations;

namespace RealtimeHub.Ingress.Http;

/// <summary>A path of the API, with the methods that it takes. Any other is answered with a refusal that names them.</summary>
internal sealed class ApiPath
{
    private readonly IEndpointRouteBuilder _api;
    private readonly string _pattern;
    private readonly SortedSet<string> _methods = new(StringComparer.Ordinal);

    /// <param name="api">What it is a path of.</param>
    /// <param name="pattern">Such as <c>/users/{user}</c>.</param>
    public ApiPath(IEndpointRouteBuilder api, string pattern)
    {
        (_api, _pattern) = (api, pattern);
        api.Map(pattern, Refuse).ExcludeFromDescription();
    }

    public RouteHandlerBuilder Get(Delegate handler) => Map(HttpMethods.Get, handler);

    public RouteHandlerBuilder Post(Delegate handler) => Map(HttpMethods.Post, handler);

    public RouteHandlerBuilder Put(Delegate handler) => Map(HttpMethods.Put, handler);

    public RouteHandlerBuilder Delete(Delegate handler) => Map(HttpMethods.Delete, handler);

    private RouteHandlerBuilder Map(string method, Delegate handler)
    {
        _methods.Add(method);
        return _api.MapMethods(_pattern, [method], handler);
    }

    // Routing also sends a method here that the path takes, if the body's type is not JSON.
    private Refusal Refuse(HttpRequest request) => _methods.Contains(request.Method)
        ? ApiRefusals.NotJson(JsonMedia.Mistake(contentType: null, contentEncoding: default)!)
        : ApiRefusals.MethodNotAllowed(_methods);
}
