// A stand-in for Ion that responds correctly, except to one kind of request.

import type { IonStrategyOptions } from 'passport-ion';

import { rawResponse, startRawServer } from '../../support/raw-server.js';
import type { RawRequest } from '../../support/raw-server.js';
import type { FuzzedResponse } from './arbitrary-responses.js';

/** The kinds of request that an app sends to Ion. */
export type RequestKind = 'token' | 'profile' | 'refresh' | 'api';

export const CLIENT_ID = 'i'.repeat(40);
// These secrets look like real ones from Ion.
export const CLIENT_SECRET = 'Sx9'.padEnd(128, 'ClientSecret0');
export const CODE = 'Cx7'.padEnd(30, 'Code1');

export const TOKEN_RESPONSE = {
  access_token: 'Ax5'.padEnd(30, 'Access2'),
  expires_in: 36000,
  token_type: 'Bearer',
  scope: 'read',
  refresh_token: 'Rx3'.padEnd(30, 'Refresh3'),
};
export const PROFILE = {
  id: 4711,
  ion_username: '2027jdoe',
  display_name: 'Jane Doe',
  first_name: 'Jane',
  last_name: 'Doe',
  tj_email: '2027jdoe@tjhsst.edu',
  grade: { number: 12, name: 'senior' },
  counselor: { id: 1, username: 'cbravo' },
  picture: 'https://ion.tjhsst.edu/api/profile/4711/picture',
};
export const PAGE = { count: 1, next: null, previous: null, results: [{ id: 1 }] };

export interface FuzzedIon {
  readonly url: string;
  /** Sets the response to this kind of request. Without arguments, makes every response correct again. */
  respondWith(kind?: RequestKind, response?: FuzzedResponse): void;
  /** Returns the secrets that Ion has received since the last call to `respondWith`. */
  secrets(): string[];
}

/** Returns the options of a strategy that uses this Ion. */
export function strategyOptions({ url }: FuzzedIon): IonStrategyOptions {
  return {
    clientID: CLIENT_ID,
    clientSecret: CLIENT_SECRET,
    callbackURL: '/complete/ion/',
    baseURL: url,
  };
}

export async function startFuzzedIon(): Promise<FuzzedIon> {
  let fuzzed: { kind: RequestKind; response: FuzzedResponse } | undefined;
  let secrets = new Set<string>();
  const { url } = await startRawServer((socket, request) => {
    for (const secret of secretsIn(request)) secrets.add(secret);
    const kind = kindOf(request);
    if (fuzzed?.kind !== kind) {
      socket.write(rightResponse(kind));
      return;
    }
    const { bytes, end } = fuzzed.response;
    // The client might get the reset without the bytes that were sent before it, as on a real network.
    if (end === 'keep') socket.write(bytes(request));
    else if (end === 'close') socket.end(bytes(request));
    else socket.write(bytes(request), () => socket.resetAndDestroy());
  });
  return {
    url,
    respondWith: (kind, response) => {
      fuzzed = kind && response && { kind, response };
      secrets = new Set();
    },
    secrets: () => [...secrets],
  };
}

function kindOf({ path, body }: RawRequest): RequestKind {
  if (path === '/oauth/token/') return body.includes('refresh_token') ? 'refresh' : 'token';
  return path === '/api/profile' ? 'profile' : 'api';
}

function rightResponse(kind: RequestKind): Buffer {
  const right = { token: TOKEN_RESPONSE, refresh: TOKEN_RESPONSE, profile: PROFILE, api: PAGE };
  return rawResponse(JSON.stringify(right[kind]));
}

// Returns a request's secrets. Leaves out values from fuzzed responses, which might be too short to search
// for.
function secretsIn({ body, headers }: RawRequest): string[] {
  const form = new URLSearchParams(body);
  const names = ['code', 'code_verifier', 'client_secret', 'refresh_token'];
  const token = headers['authorization']?.replace('Bearer ', '') ?? '';
  const sent = [...names.map((name) => form.get(name) ?? ''), token];
  return sent.filter((secret) => secret.length >= 20);
}
