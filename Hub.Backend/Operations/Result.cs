using System.Diagnostics.CodeAnalysis;

namespace RealtimeHub.Operations;

/// <summary>Either the value that was asked for, or the reason why there is none.</summary>
internal readonly record struct Result<TValue, TReason>
    where TValue : notnull
    where TReason : class
{
    private Result(TValue? value, TReason? reason) => (Value, Reason) = (value, reason);

    public TValue? Value { get; }

    public TReason? Reason { get; }

    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Reason))]
    public bool IsSuccess => Reason is null;

    public static implicit operator Result<TValue, TReason>(TValue value) => new(value, null);

    public static implicit operator Result<TValue, TReason>(TReason reason) => new(default, reason);

    // A record would print its members, and a value may be a secret.
    public override string ToString() => IsSuccess ? "success" : $"{Reason}";
}
