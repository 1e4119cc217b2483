/** What a page knows of where it comes from. */
export type Page = Pick<Location, "protocol" | "hostname" | "origin">;
