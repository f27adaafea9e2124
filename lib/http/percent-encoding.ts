// Percent-encoding of any text: what comes from a session or a store need not be well-formed.

/** As encodeURIComponent, which throws where half a character stands by itself: U+FFFD is in its place. */
export function percentEncoded(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString());
}
