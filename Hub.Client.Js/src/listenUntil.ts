/**
 * Listens until `over` aborts. The `signal` option of `addEventListener` is no way to do so: of those that listen to the same target, Node
 * keeps only the newest listening to its signal once the garbage is collected, and the others stay.
 */
export function listenUntil(
  over: AbortSignal,
  target: EventTarget,
  type: string,
  listener: (event: Event) => void,
  options?: AddEventListenerOptions,
): void {
  target.addEventListener(type, listener, options);
  over.addEventListener("abort", () => target.removeEventListener(type, listener, options));
}
