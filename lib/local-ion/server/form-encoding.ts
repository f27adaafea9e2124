// Encodes and decodes forms and queries exactly as Python does, so that redirects match Ion's byte for byte.

/** The names and values of a query or form, in order. */
export type Pairs = readonly (readonly [name: string, value: string])[];

/** Encodes one value as Python's quote_plus does. Leaves the characters in `safe` unencoded. */
export function formEncode(text: string, safe = ''): string {
  return encodeURIComponent(text)
    .replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
    .replace(/%([0-9A-F]{2})/g, (code, hex: string) => {
      const char = String.fromCharCode(parseInt(hex, 16));
      if (char === ' ') return '+';
      return safe.includes(char) ? char : code;
    });
}

/** Decodes one value. Leaves broken percent-encoding as it is. */
export function formDecode(text: string): string {
  return text
    .replaceAll('+', ' ')
    .replace(/(?:%[0-9a-f]{2})+/gi, (codes) =>
      Buffer.from(codes.replaceAll('%', ''), 'hex').toString(),
    );
}

/** Whether the text has a percent sign that is not followed by two hexadecimal digits. */
export function hasBrokenEncoding(text: string): boolean {
  return /%(?![0-9a-f]{2})/i.test(text);
}

/** Encodes pairs as a query string. */
export function formEncodePairs(pairs: Pairs): string {
  return pairs.map(([name, value]) => `${formEncode(name)}=${formEncode(value)}`).join('&');
}

/** Decodes a query string or form. A name without `=` gets an empty value. */
export function formDecodePairs(text: string): Pairs {
  // Encode a leading question mark, because URLSearchParams would drop it.
  return [...new URLSearchParams(text.replace(/^\?/, '%3F'))];
}
