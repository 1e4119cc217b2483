/** What the hub has refused, in its own words, or that it does not answer. */
export class HubError extends Error {}
