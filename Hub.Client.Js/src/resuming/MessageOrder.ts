/** What to do with a message: `handle` it now, `drop` what was handled before, or `hold` it because something is missing before it. */
export type Verdict = "handle" | "drop" | "hold";
