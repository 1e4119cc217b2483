import { PushClient, SignInRequiredError } from "../src/index.js";
import { listenUntil } from "../src/listenUntil.js";
import type { HubApi } from "./HubApi.js";
import { HubError } from "./HubError.js";

/** How long it waits for the hub's word while this page is its client, and between two questions while it is not. */
const [patienceMs, pauseMs] = [15_000, 5_000];

/**
 * Tells when there is something new at the hub, over the hub itself, of which this page is a client as any other. When that is not so, the
 * pages ask as often as the hub looks: they are there for the time when it does not work.
 */
class Live {
  readonly #words = new EventTarget();
  readonly #shown = document.getElementById("live") as HTMLElement;
  #client: PushClient | undefined;

  begin(hub: HubApi): void {
    if (this.#client !== undefined) {
      return;
    }

    const client = new PushClient({ url: "/hub", token: () => tokenOf(hub), logger: { warn() {} } });
    client.on("load.changed", () => void this.#words.dispatchEvent(new Event("word")));
    client.onState(({ state }) => this.#show(state === "connected"));
    client.onError(() => {});
    this.#client = client;
    this.#show(false);
    client.start().catch(() => {});
  }

  end(): void {
    void this.#client?.stop();
    this.#client = undefined;
    this.#shown.textContent = "";
  }

  /** Resolves at the hub's next word, when it is time to ask without one, or when it is over. Leaves no listener behind. */
  next(over: AbortSignal): Promise<void> {
    const passed = new AbortController();
    return new Promise<void>((resolve) => {
      const end = () => {
        clearTimeout(timer);
        passed.abort();
        resolve();
      };
      const timer = setTimeout(end, this.#client?.state === "connected" ? patienceMs : pauseMs);
      listenUntil(passed.signal, this.#words, "word", end);
      listenUntil(passed.signal, over, "abort", end);
    });
  }

  #show(isLive: boolean): void {
    if (this.#client !== undefined) {
      this.#shown.textContent = isLive ? "Live, over the hub itself." : "Not live: the hub is asked every five seconds.";
    }
  }
}

/** A key that is not good for it will not be good for it later. */
async function tokenOf(hub: HubApi): Promise<string> {
  try {
    return await hub.mint();
  } catch (error) {
    throw error instanceof HubError && (error.status === 401 || error.status === 403) ? new SignInRequiredError(error.message) : error;
  }
}

export const live = new Live();
