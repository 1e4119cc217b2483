/** What the client calls itself, in what the hub tells operators of its connections. A test compares it with package.json. */
export const clientName = "realtimehub-js/0.1.0";
