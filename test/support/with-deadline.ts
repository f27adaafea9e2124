// Fails a test that waits too long with an error that says what it waited for, as Jest's own timeout doesn't.

const DEADLINE_MS = 20_000;

/** Waits for the promise, and rejects with `late` if it takes longer than the deadline. */
export async function withDeadline<T>(
  promise: Promise<T>,
  deadlineMs = DEADLINE_MS,
  late = new Error(`Nothing happened within ${deadlineMs} ms`),
): Promise<T> {
  let guard: NodeJS.Timeout | undefined;
  const never = new Promise<never>((_resolve, reject) => {
    guard = setTimeout(() => {
      reject(late);
    }, deadlineMs);
  });
  try {
    return await Promise.race([promise, never]);
  } finally {
    clearTimeout(guard);
  }
}
