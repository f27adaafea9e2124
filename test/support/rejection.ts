/** Returns the error that a promise rejects with. Throws if it is fulfilled. */
export async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  const nothing = Symbol('nothing');
  const error = await promise.then(
    () => nothing,
    (reason: unknown) => reason,
  );
  if (error === nothing) throw new Error('it succeeded');
  return error;
}

/** Returns the error that an action throws. Throws if it succeeds. */
export function thrownBy(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('it succeeded');
}
