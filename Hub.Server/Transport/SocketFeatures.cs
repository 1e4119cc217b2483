using System.Collections;
using Microsoft.AspNetCore.Http.Features;

namespace RealtimeHub.Transport;

/// <summary>
/// The features of a connection, without a dictionary: it is each of them itself. Only for what is set from outside there is one.
/// </summary>
internal sealed class SocketFeatures(SocketConnection connection) : IFeatureCollection
{
    private FeatureCollection? _set;

    public bool IsReadOnly => false;

    public int Revision => _set?.Revision ?? 0;

    public object? this[Type key]
    {
        get => _set?[key] ?? (key.IsInterface && key.IsInstanceOfType(connection) ? connection : null);
        set => Set()[key] = value;
    }

    public TFeature? Get<TFeature>()
    {
        if (_set is { } set && set.Get<TFeature>() is { } other)
        {
            return other;
        }

        return connection is TFeature own && typeof(TFeature).IsInterface ? own : default;
    }

    public void Set<TFeature>(TFeature? instance) => Set()[typeof(TFeature)] = instance;

    public IEnumerator<KeyValuePair<Type, object>> GetEnumerator() =>
        connection.GetType().GetInterfaces().Where(feature => feature.Namespace?.EndsWith(".Features", StringComparison.Ordinal) == true)
            .Select(feature => KeyValuePair.Create(feature, this[feature]!))
            .Concat(_set ?? []).DistinctBy(feature => feature.Key).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private FeatureCollection Set() => LazyInitializer.EnsureInitialized(ref _set, () => new FeatureCollection());
}
