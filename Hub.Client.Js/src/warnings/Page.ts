/** Where a page comes from. */
export type Page = Pick<Location, "protocol" | "hostname" | "origin">;
