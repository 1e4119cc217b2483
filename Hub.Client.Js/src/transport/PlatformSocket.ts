import NodeSocket from "ws";

declare const process: { readonly release?: { readonly name?: string } } | undefined;

/** What is asked of a constructor of WebSockets. The last parameter has only that of Node. */
type SocketConstructor = new (
  url: string,
  protocols: string[],
  options?: { readonly headers: Readonly<Record<string, string>>; readonly closeTimeout: number },
) => WebSocket;

/** Whether a WebSocket may have headers here: in Node, but not where Node plays a page, as in Electron and in tests of pages. */
export const takesHeaders = typeof process !== "undefined" && process.release?.name === "node" && !("document" in globalThis);

/** The WebSocket of pages and workers, or that of Node, whose own has no headers before version 22. */
export const PlatformSocket = (takesHeaders ? NodeSocket : globalThis.WebSocket) as SocketConstructor;
