// Calls the function `exchange` with a server that a test has started.

import { IonConnectionError } from '../../lib/errors.js';
import { exchange } from '../../lib/http/exchange.js';
import type { IonHttpRequest, IonHttpResponse, Transport } from '../../lib/http/exchange.js';
import type { RawServer } from './raw-server.js';
import { rejectionOf } from './rejection.js';

/** Sends a token request with these changes. */
export function send(
  { url }: Pick<RawServer, 'url'>,
  changes: Partial<IonHttpRequest> = {},
  transport: Partial<Transport> = {},
): Promise<IonHttpResponse> {
  return exchange(
    {
      label: 'the token request',
      method: 'POST',
      url: new URL(`${url}/oauth/token/`),
      headers: { accept: 'application/json' },
      body: 'code=1',
      repeatable: true,
      ...changes,
    },
    { timeout: 5_000, ...transport },
  );
}

/** Returns the error that a call of `exchange` failed with. Throws if it is not an IonConnectionError. */
export async function failureOf(exchanged: Promise<unknown>): Promise<IonConnectionError> {
  const error = await rejectionOf(exchanged);
  if (error instanceof IonConnectionError) return error;
  throw new Error(`expected IonConnectionError, got ${String(error)}`);
}
