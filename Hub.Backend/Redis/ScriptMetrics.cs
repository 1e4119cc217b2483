using System.Diagnostics.Metrics;
using RealtimeHub.Operations;

namespace RealtimeHub.Redis;

/// <summary>How long scripts take, from here to Redis and back, in <c>realtimehub.redis.script.duration</c>.</summary>
internal sealed class ScriptMetrics(IMeterFactory meters, TimeProvider time)
{
    private readonly Histogram<double> _duration = meters.CreateHubMeter().CreateDuration(
        "realtimehub.redis.script.duration", "How long Redis takes to answer a script, with the way there and back.");

    /// <summary>When a script begins, for <see cref="End"/>.</summary>
    public long Begin() => time.GetTimestamp();

    /// <param name="script">Its name.</param>
    /// <param name="begun">When it began.</param>
    /// <param name="isAnswered">Whether Redis has carried it out; otherwise it does not answer, or refuses.</param>
    public void End(string script, long begun, bool isAnswered)
    {
        if (_duration.Enabled)
        {
            _duration.Record(
                time.GetElapsedTime(begun).TotalSeconds, new("script", script), new("outcome", isAnswered ? "answered" : "failed"));
        }
    }
}
