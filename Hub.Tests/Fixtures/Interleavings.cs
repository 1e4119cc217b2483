using Xunit.Sdk;

namespace RealtimeHub.Tests.Fixtures;

/// <summary>Runs a few actors in every order that their steps can take. A failure names the order.</summary>
internal static class Interleavings
{
    /// <summary>What an actor yields where it may go on at any time.</summary>
    public static readonly Func<bool> AtOnce = () => true;

    /// <summary>Plays what <paramref name="begin"/> sets up once for each order, and verifies the end each time.</summary>
    /// <param name="begin">Makes a new world.</param>
    /// <returns>How many orders there are.</returns>
    public static int Play(Func<Scene> begin)
    {
        var (orders, choices) = (0, new List<(int Chosen, int Of)>());
        do
        {
            var scene = begin();
            var order = new List<int>();
            try
            {
                Run(scene.Actors, choices, order);
                scene.Verify();
            }
            catch (Exception failure)
            {
                throw new XunitException($"When the actors take their steps in the order {string.Join(' ', order)}: {failure.Message}", failure);
            }

            orders++;
        }
        while (TryTakeNext(choices));
        return orders;
    }

    private static void Run(IEnumerable<Func<bool>>[] actors, List<(int Chosen, int Of)> choices, List<int> order)
    {
        var running = actors.Select((actor, number) => (Number: number, Steps: actor.GetEnumerator())).ToList();
        for (var step = 0; running.Count > 0; step++)
        {
            var able = running.Where(actor => actor.Steps.Current?.Invoke() ?? true).ToList();
            able.Should().NotBeEmpty("an actor must not wait for what never comes");
            if (step == choices.Count)
            {
                choices.Add((0, able.Count));
            }

            var chosen = able[choices[step].Chosen];
            order.Add(chosen.Number);
            if (!chosen.Steps.MoveNext())
            {
                running.Remove(chosen);
            }
        }
    }

    private static bool TryTakeNext(List<(int Chosen, int Of)> choices)
    {
        while (choices is [.., var (chosen, of)])
        {
            choices.RemoveAt(choices.Count - 1);
            if (chosen + 1 < of)
            {
                choices.Add((chosen + 1, of));
                return true;
            }
        }

        return false;
    }
}
