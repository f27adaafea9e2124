// What may have come from anywhere (JSON, a session, an app in JavaScript), as an object with keys.

/** Whether the value is an object with keys, and no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
