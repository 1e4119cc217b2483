using System.Diagnostics.Metrics;
using RealtimeHub.Operations;

namespace RealtimeHub.Resuming;

/// <summary>What clients that resume are answered, of each address, in <c>realtimehub.resumes</c>.</summary>
internal sealed class ResumeMetrics(IMeterFactory meters)
{
    private readonly Counter<long> _resumes = meters.CreateHubMeter().CreateCounter<long>(
        "realtimehub.resumes", "{address}", "Addresses of which clients were told what they have missed, by outcome.");

    public void Answered(ResumeAnswer answer)
    {
        if (!_resumes.Enabled)
        {
            return;
        }

        foreach (var address in answer.Addresses.Values)
        {
            Add(1, !address.Recovered ? "lost" : address.Messages.Count > 0 ? "recovered" : "current");
        }

        Add(answer.Refused.Count, "refused");
    }

    private void Add(int addresses, string outcome)
    {
        if (addresses > 0)
        {
            _resumes.Add(addresses, new KeyValuePair<string, object?>("outcome", outcome));
        }
    }
}
