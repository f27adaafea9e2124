// Compares the types in lib/api/response-types.ts with the local Ion's responses. The contract tests compare
// the local Ion's responses with Ion's.

import { startLocalIon } from '../../lib/local-ion/index.js';
import type { LocalIon } from '../../lib/local-ion/index.js';
import { signIn } from '../local-ion/requests.js';
import { send } from '../local-ion/contract/support/send.js';
import { expectToMatchType, keyOf, typedEndpoints } from '../support/response-types.js';

let ion: LocalIon;
let token: string;

beforeAll(async () => {
  ion = await startLocalIon({ now: () => Date.parse('2026-11-24T17:00:00Z') });
  token = (await signIn(ion, '2027jdoe')).access_token;
});

afterAll(() => ion.stop());

/** Sends a request to the API, and returns the JSON response. */
async function request(method: string, path: string, body?: object): Promise<unknown> {
  const { status, text } = await send(`${ion.baseURL}/api${path === '/' ? '' : path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text.slice(0, 200)}`);
  return JSON.parse(text);
}

interface Item {
  readonly id: number;
}

interface BlockItem extends Item {
  readonly scheduled_activity: Item;
  readonly both_blocks: boolean;
  readonly restricted_for_user: boolean;
  readonly roster: { readonly count: number; readonly capacity: number };
}

async function lastIDOf(path: string): Promise<number> {
  // The cast is safe because Ion's lists have this shape. If they did not, no ids would be found.
  const { results } = (await request('GET', `${path}?page=last`)) as { results: Item[] };
  const item = results.at(-1);
  if (!item) throw new Error(`${path} is empty`);
  return item.id;
}

/** Returns the year's last block, and an activity on it that this student can sign up for. */
async function openActivity(): Promise<{ block: number; activity: BlockItem }> {
  const block = await lastIDOf('/blocks');
  // The cast is safe because Ion's blocks have this shape. If they did not, no activity would be found.
  const { activities } = (await request('GET', `/blocks/${block}`)) as {
    activities: Record<string, BlockItem>;
  };
  const activity = Object.values(activities).find(
    ({ both_blocks, restricted_for_user, roster }) =>
      !both_blocks && !restricted_for_user && roster.count < roster.capacity,
  );
  if (!activity) throw new Error('no activity is open');
  return { block, activity };
}

/** The path and the body of a test's request. */
type Sent = readonly [path: string, body?: object];

/** The method of an endpoint, its key in IonPaths, and the request that a test sends to it. */
type Row = readonly [method: string, key: string, sent: () => Promise<Sent>];

const REQUESTS: readonly Row[] = [
  ...(
    [
      ['/', '/'],
      ['/schedule', '/schedule?page_size=7'],
      ['/schedule/<date>', '/schedule/2026-11-25'],
      ['/schedule/<date>', '/schedule/2026-11-29'],
      ['/announcements', '/announcements'],
      ['/emerg', '/emerg'],
      ['/profile', '/profile'],
      ['/profile/<id or username>', '/profile/jteacher'],
      ['/profile/<id or username>', '/profile/nonames'],
      ['/search/<query>', '/search/j'],
      ['/bus', '/bus'],
      ['/blocks', '/blocks'],
      ['/activities', '/activities'],
      ['/signups/user/favorites', '/signups/user/favorites'],
      ['/signups/user', '/signups/user'],
      ['/signups/user/<id>', '/signups/user/6'],
    ] as const
  ).map(([key, path]): Row => ['GET', key, () => Promise.resolve([path])]),
  ...(['/announcements', '/bus', '/blocks', '/activities'] as const).map((list): Row => [
    'GET',
    `${list}/<id>`,
    async () => [`${list}/${await lastIDOf(list)}`],
  ]),
  [
    'GET',
    '/signups/scheduled_activity/<id>',
    async () => [
      `/signups/scheduled_activity/${(await openActivity()).activity.scheduled_activity.id}`,
    ],
  ],
  [
    'POST',
    '/signups/user',
    async () => {
      const { block, activity } = await openActivity();
      return ['/signups/user', { block, activity: activity.id }];
    },
  ],
  [
    'POST',
    '/signups/user/favorites',
    async () => ['/signups/user/favorites', { activity: await lastIDOf('/activities') }],
  ],
];

/**
 * Endpoints that are not compared, because they are for admins, whom the local Ion lacks, or respond without
 * a body.
 */
const NOT_AT_THE_LOCAL_ION = [
  'PUT /announcements/<id>',
  'PATCH /announcements/<id>',
  'DELETE /announcements/<id>',
  'POST /signups/user/<id>',
];

describe('IonPaths', () => {
  it.each(REQUESTS)('has the type of the response to %s %s (%#)', async (method, key, sent) => {
    const [path, body] = await sent();

    expect(keyOf(path)).toBe(key);
    expectToMatchType(method, path, await request(method, path, body));
  });

  it('is compared with the local Ion for every path', () => {
    const compared = REQUESTS.map(([method, key]) => `${method} ${key}`);
    const typed = typedEndpoints().map(({ method, path }) => `${method} ${path}`);

    expect(typed.filter((endpoint) => !compared.includes(endpoint)).sort()).toEqual(
      [...NOT_AT_THE_LOCAL_ION].sort(),
    );
  });
});

describe('expectToMatchType', () => {
  const block = { id: 1, url: 'u', date: '2026-11-25', block_letter: 'A', locked: false };
  const page = { count: 1, next: null, previous: null, results: [block] };

  it('accepts a response that has the type', () => {
    expectToMatchType('GET', '/api/blocks?page=2', page);
  });

  it.each([
    ['an extra key', { ...page, results: [{ ...block, more: 1 }] }],
    ['a missing key', { ...page, results: [{ ...block, locked: undefined }] }],
    ['null for a value', { ...page, results: [{ ...block, date: null }] }],
    ['another type of value', { ...page, results: [{ ...block, id: '1' }] }],
    ['an extra key beside the list', { ...page, more: 1 }],
    ['a bare list', [block]],
    ['nothing', undefined],
  ])('refuses %s', (_, json) => {
    const sent: unknown = json === undefined ? null : JSON.parse(JSON.stringify(json));

    expect(() => {
      expectToMatchType('GET', '/api/blocks', sent);
    }).toThrow();
  });

  it('refuses a path or a method without a type', () => {
    expect(() => {
      expectToMatchType('GET', '/api/new', {});
    }).toThrow('IonPaths has no path for /api/new');
    expect(() => {
      expectToMatchType('POST', '/api/blocks', {});
    }).toThrow('IonPaths has no POST /blocks');
  });
});
