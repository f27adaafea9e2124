// An Ion that answers well, but for one kind of request: that it answers as it is told.

import { rawResponse, startRawServer } from '../../support/raw-server.js';
import type { RawRequest } from '../../support/raw-server.js';
import type { FuzzedAnswer } from './answers.js';

/** The requests that are made of Ion. */
export type Leg = 'token' | 'profile' | 'refresh' | 'api';

export const CLIENT_ID = 'i'.repeat(40);
// Of the length and the letters that Ion's have.
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
  /** From now on, this kind of request is answered so; none is, without an argument. */
  answer(leg?: Leg, answer?: FuzzedAnswer): void;
  /** What was sent that nobody may see, since the last call of `answer`. */
  secrets(): string[];
}

export async function startFuzzedIon(): Promise<FuzzedIon> {
  let told: { leg: Leg; answer: FuzzedAnswer } | undefined;
  let secrets = new Set<string>();
  const { url } = await startRawServer((socket, request) => {
    for (const secret of secretsIn(request)) secrets.add(secret);
    const leg = legOf(request);
    if (told?.leg !== leg) {
      socket.write(rightAnswer(leg));
      return;
    }
    const { bytes, end } = told.answer;
    // A reset may overtake what was written before, as it may on the way from Ion.
    if (end === 'keep') socket.write(bytes(request));
    else if (end === 'close') socket.end(bytes(request));
    else socket.write(bytes(request), () => socket.resetAndDestroy());
  });
  return {
    url,
    answer: (leg, answer) => {
      told = leg && answer && { leg, answer };
      secrets = new Set();
    },
    secrets: () => [...secrets],
  };
}

function legOf({ path, body }: RawRequest): Leg {
  if (path === '/oauth/token/') return body.includes('refresh_token') ? 'refresh' : 'token';
  return path === '/api/profile' ? 'profile' : 'api';
}

function rightAnswer(leg: Leg): Buffer {
  const right = { token: TOKEN_RESPONSE, refresh: TOKEN_RESPONSE, profile: PROFILE, api: PAGE };
  return rawResponse(JSON.stringify(right[leg]));
}

// Not those that a fuzzed answer gave: they may be as short as any word.
function secretsIn({ body, headers }: RawRequest): string[] {
  const form = new URLSearchParams(body);
  const names = ['code', 'code_verifier', 'client_secret', 'refresh_token'];
  const token = headers['authorization']?.replace('Bearer ', '') ?? '';
  const sent = [...names.map((name) => form.get(name) ?? ''), token];
  return sent.filter((secret) => secret.length >= 20);
}
