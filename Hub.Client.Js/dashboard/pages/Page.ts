import type { HubApi } from "../HubApi.js";

/** A page of the dashboard. */
export interface Page {
  readonly title: string;

  /** Fills it, and goes on until it is over. The names are what stands behind it in the address. */
  show(main: HTMLElement, hub: HubApi, over: AbortSignal, names: readonly string[]): Promise<void>;
}
