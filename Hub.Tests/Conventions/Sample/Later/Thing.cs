namespace RealtimeHub.Tests.Conventions.Sample.Later;

/// <summary>What must not be named by a folder before this one.</summary>
internal static class Thing
{
    internal interface IKind;

    internal class Made : IKind
    {
        public static readonly string Name = "made";

        public static Made Make() => new();
    }

    internal sealed class Fault : Exception;

    internal enum Colour
    {
        Red,
        Blue,
    }

    [AttributeUsage(AttributeTargets.All)]
    internal sealed class MarkAttribute : Attribute;
}
