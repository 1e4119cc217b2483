import { expect } from "vitest";
import type { StateChange } from "../../src/index.js";

type Step = Omit<StateChange, "previous">;

/** The next step to one of some states; those before it are passed over. */
export async function nextStep(steps: Step[], ...states: readonly Step["state"][]): Promise<Step> {
  const at = () => steps.findIndex(({ state }) => states.includes(state));
  await expect.poll(at).toBeGreaterThanOrEqual(0);
  return steps.splice(0, at() + 1).at(-1) as Step;
}
