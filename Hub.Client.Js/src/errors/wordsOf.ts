/** Why something failed, as far as its error tells. Node's fetch puts the reason into the error's `cause`. */
export function wordsOf(error: unknown): string {
  const { cause, message } = (error ?? {}) as { cause?: { message?: string; code?: string }; message?: string };
  return (cause?.message || cause?.code || message || String(error)).replace(/\.$/, "");
}
