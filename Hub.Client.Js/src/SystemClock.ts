import type { Clock } from "./Clock.js";

/** The longest wait of a timer. A longer one fires at once, which would turn an endless wait into an endless loop. */
const longestTimerMs = 2 ** 31 - 1;

/** The time of the machine. */
export class SystemClock implements Clock {
  now(): number {
    return performance.now();
  }

  time(): number {
    return Date.now();
  }

  wait(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) {
        resolve();
        return;
      }

      const wake = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", wake);
        resolve();
      };
      const timer = setTimeout(wake, Math.min(ms, longestTimerMs));
      signal.addEventListener("abort", wake);
    });
  }
}
