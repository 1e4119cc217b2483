using System.ComponentModel;

namespace RealtimeHub.Tests.Conventions.Sample.Earlier;

/// <summary>Every way in which a type can name another, and no <c>using</c> that tells: a nested namespace sees its neighbours.</summary>
internal static class Breaches
{
    internal sealed class Base : Later.Thing.Made;

    internal sealed class Interface : Later.Thing.IKind;

    internal sealed class Field
    {
        public readonly Later.Thing.Colour Colour = Later.Thing.Colour.Blue;
    }

    internal sealed class Property
    {
        public static IReadOnlyList<Later.Thing.Made[]> Made => [];
    }

    internal sealed class Parameter
    {
        public static bool Is(in Later.Thing.Colour? colour) => colour is null;
    }

    internal sealed class Constraint<T> where T : Later.Thing.IKind;

    [Later.Thing.Mark]
    internal sealed class Marked;

    [TypeConverter(typeof(Later.Thing.Made))]
    internal sealed class MarkedWithType;

    [DefaultValue(Later.Thing.Colour.Blue)]
    internal sealed class MarkedWithValue;

    internal sealed class ReturnMark
    {
        [return: Later.Thing.Mark]
        public static int One() => 1;
    }

    internal sealed class Call
    {
        public static object Make() => Later.Thing.Made.Make();
    }

    internal sealed class Static
    {
        public static int Length => Later.Thing.Made.Name.Length;
    }

    internal sealed class TypeArgument
    {
        public static object Make() => Activator.CreateInstance<Later.Thing.Made>();
    }

    internal sealed class Catch
    {
        public static bool Fails(Action act)
        {
            try
            {
                act();
                return false;
            }
            catch (Later.Thing.Fault)
            {
                return true;
            }
        }
    }

    internal sealed class Pattern
    {
        public static bool IsMade(object thing) => thing is Later.Thing.Made;
    }

    internal sealed class Inferred
    {
        public static string Text(Func<Later.Thing.Made> make)
        {
            var made = make();
            return $"{made}";
        }
    }

    internal sealed class Lambda
    {
        public static Func<object> Make => () => new Later.Thing.Made();
    }

    internal sealed class Iterator
    {
        public static IEnumerable<object> Make()
        {
            yield return new Later.Thing.Made();
        }
    }

    internal sealed class Async
    {
        public static async Task<object> MakeAsync()
        {
            await Task.Yield();
            return new Later.Thing.Made();
        }
    }
}
