// Reads untrusted JSON and untrusted objects: from Ion, a session, or an app written in JavaScript.

/** Whether the value is an object and not an array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses JSON. If the text is not JSON, returns undefined, a value that JSON cannot express. */
export function parseJSON(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's error is not passed on: its message quotes the text, which might hold a secret.
    return undefined;
  }
}
