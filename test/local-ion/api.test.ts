// What the rest of the local Ion's API holds: days, announcements, buses, and the description of itself.

import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { send } from './contract/wire.js';
import { ask, signIn } from './at-ion.js';

let ion: LocalIon;
let time: number;
beforeAll(async () => {
  ion = await startLocalIon({ now: () => time });
});
afterAll(() => ion.stop());
beforeEach(() => {
  time = Date.parse('2026-11-24T12:00:00-05:00');
});

interface Day {
  readonly date: string;
  readonly day_type: { readonly name: string; readonly blocks: readonly Record<string, unknown>[] };
}

interface DayPage {
  readonly count: number;
  readonly next: string | null;
  readonly previous: string | null;
  readonly results: readonly Day[];
}

async function days(query: string): Promise<DayPage> {
  const { text } = await ask(ion, `/api/schedule?${query}`);
  // The cast: what it is like is what the tests ask.
  return JSON.parse(text) as DayPage;
}

describe('the schedule', () => {
  it('is that of a school week, from today on', async () => {
    const page = await days('page_size=7');
    expect(page.results.map(({ date, day_type }) => [date, day_type.name])).toEqual([
      ['2026-11-24', 'Red Day'],
      ['2026-11-25', 'Blue Day'],
      ['2026-11-26', 'Red Day'],
      ['2026-11-27', 'Anchor Day'],
      ['2026-11-28', 'NO SCHOOL<br>'],
      ['2026-11-29', 'NO SCHOOL<br>'],
      ['2026-11-30', 'Blue Day'],
    ]);
  });

  it('begins with today by UTC, as on Ion, also in summer', async () => {
    time = Date.parse('2027-06-15T19:59:59-04:00');
    expect((await days('')).results[0]?.date).toBe('2027-06-15');
    time = Date.parse('2027-06-15T20:00:00-04:00');
    expect((await days('')).results[0]?.date).toBe('2027-06-16');
  });

  it('has blocks in order, whose times go forward and have no leading zero', async () => {
    for (const { day_type } of (await days('page_size=7')).results) {
      const { blocks } = day_type;
      expect(blocks.map(({ order }) => order)).toEqual(blocks.map((_, index) => index));
      const times = blocks.flatMap(({ start, end }) => [String(start), String(end)]);
      for (const each of times) expect(each).toMatch(/^([1-9]|1\d):[0-5]\d$/);
      const minutes = times.map((each) => {
        const [hour, minute] = each.split(':').map(Number);
        return (hour ?? 0) * 60 + (minute ?? 0);
      });
      expect(minutes).toEqual([...minutes].sort((one, other) => one - other));
    }
  });

  it.each([
    ['page=27', { next: 'page=28', previous: 'page=26' }],
    ['page=last', { next: null, previous: 'page=27' }],
    [
      'page=2&page_size=3&b=2&a=1',
      { next: 'a=1&b=2&page=3&page_size=3', previous: 'a=1&b=2&page_size=3' },
    ],
  ])('has pages that are linked: ?%s', async (query, { next, previous }) => {
    const page = await days(query);
    const schedule = `${ion.baseURL}/api/schedule?`;
    expect(page.next).toBe(next === null ? null : schedule + next);
    expect(page.previous).toBe(schedule + previous);
    expect(page.count).toBe(28);
  });

  it.each(['page=0', 'page=29', 'page=x', 'page=-1'])('has no page ?%s', async (query) => {
    expect(await ask(ion, `/api/schedule?${query}`)).toMatchObject({
      status: 404,
      text: '{"detail":"Invalid page."}',
    });
  });

  it.each([
    ['2026-W01-1', '2025-12-29'],
    ['2026-W53-5', '2027-01-01'],
    ['2020-W53-7', '2021-01-03'],
    ['2026W48', '2026-11-23'],
  ])('takes the ISO week %s for %s', async (week, date) => {
    time = Date.parse(`${date}T12:00:00-05:00`);
    const { text } = await ask(ion, `/api/schedule/${week}`);
    expect(JSON.parse(text)).toMatchObject({ date });
  });

  it.each(['a/b', '2025-W53-1', '2026-W48-8', '2026-W00-1', '2026-W48-0'])(
    'does not know the day %s',
    async (day) => {
      expect((await ask(ion, `/api/schedule/${day}`)).status).toBe(400);
    },
  );
});

describe('the announcements', () => {
  it('hold HTML, some of it hostile, and are newest first', async () => {
    const { access_token } = await signIn(ion, '2027jdoe');
    const { text } = await ask(ion, '/api/announcements', access_token);
    const { results } = JSON.parse(text) as { results: Record<string, string>[] };
    const content = results.map((each) => each['content']).join('');
    for (const part of ['<script>', 'onclick=', 'onerror=', 'href="javascript:', '<strong>']) {
      expect(content).toContain(part);
    }
    const added = results.map((each) => each['added'] ?? '');
    expect(added.slice(0, 4)).toEqual([
      '2026-11-23T13:15:00Z',
      '2026-11-22T17:00:00.591195Z',
      '2026-11-21T21:30:00.182390Z',
      '2026-11-17T12:45:00.773585Z',
    ]);
    const times = added.map((each) => Date.parse(each));
    expect(times).toEqual([...times].sort((one, other) => other - one));
  });

  it('are posted at the same time of day in New York in summer', async () => {
    time = Date.parse('2026-07-04T12:00:00-04:00');
    const { access_token } = await signIn(ion, '2027jdoe');
    const { text } = await ask(ion, '/api/announcements/60', access_token);
    expect(JSON.parse(text)).toMatchObject({ id: 60, added: '2026-07-03T12:15:00Z' });
  });

  it.each([
    ['PUT', '/api/announcements/60'],
    ['PATCH', '/api/announcements/60'],
    ['DELETE', '/api/announcements/60'],
    ['POST', '/api/announcements'],
  ])('cannot be written: %s %s', async (method, path) => {
    const { access_token } = await signIn(ion, 'roak');
    const headers = { authorization: `Bearer ${access_token}` };
    expect(await send(`${ion.baseURL}${path}`, { method, headers })).toMatchObject({
      status: 403,
      text: '{"detail":"You do not have permission to perform this action."}',
    });
  });
});

describe('the buses', () => {
  it('are listed by name, in each state that there is', async () => {
    const { access_token } = await signIn(ion, '2027jdoe');
    const { text } = await ask(ion, '/api/bus', access_token);
    const { results } = JSON.parse(text) as { results: Record<string, unknown>[] };
    expect(results[0]).toEqual({
      id: 1,
      route_name: 'TJ-01',
      space: '12',
      bus_number: '1401',
      status: 'a',
    });
    expect(Object.keys(results[0] ?? {})).toEqual([
      'id',
      'route_name',
      'space',
      'bus_number',
      'status',
    ]);
    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['a', 'd', 'o']));
    const one = await ask(ion, '/api/bus/2', access_token);
    expect(JSON.parse(one.text)).toEqual(results[1]);
    expect(await ask(ion, '/api/bus/99', access_token)).toMatchObject({
      status: 404,
      text: '{"detail":"No Route matches the given query."}',
    });
  });
});

describe('the search', () => {
  const found = async (query: string): Promise<Record<string, unknown>[]> => {
    const { access_token } = await signIn(ion, '2027jdoe');
    const { status, text } = await ask(ion, `/api/search/${query}`, access_token);
    expect(status).toBe(200);
    return (JSON.parse(text) as { results: Record<string, unknown>[] }).results;
  };
  const idsOf = async (query: string): Promise<unknown[]> =>
    (await found(query)).map(({ id }) => id);

  it.each<[query: string, ids: number[]]>([
    ['doe', [6]],
    ['DOE', [6]],
    ['2027j', [6]],
    ['6', [6]],
    ['1500003', [3]],
    ['2027', []],
    ['grade:12', [6]],
    ['grade:12 OR type:counselor', [1, 6]],
    ['unknown:x', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['%E5%B0%8F%E6%A2%85', [3]],
    ['jos+teach', [4]],
    ['jos%20teach', [4]],
    ['jos/teach', []],
    ['n%C3%BA', [3]],
    ['a', [1, 2, 3, 4, 5, 6, 7, 8]],
    ['nobody', []],
  ])('for %s finds %j, by all words and in the order of ids', async (query, ids) => {
    expect(await idsOf(query)).toEqual(ids);
  });

  it('shows students with their grade, others without', async () => {
    const url = (id: number): string => `${ion.baseURL}/api/profile/${id}`;
    const usual = ['id', 'url', 'user_type', 'username', 'full_name', 'first_name', 'last_name'];
    const [student] = await found('doe');
    expect(Object.keys(student ?? {})).toEqual([...usual, 'grade']);
    expect(student).toMatchObject({ url: url(6), grade: { number: 12, name: 'senior' } });
    const [teacher] = await found('jteacher');
    expect(Object.keys(teacher ?? {})).toEqual(usual);
    expect(teacher).toMatchObject({ url: url(4), full_name: "José O'Teach" });
  });
});

describe('what is not for everybody', () => {
  it.each([
    '/api/bus',
    '/api/bus/1',
    '/api/search/doe',
    '/api/blocks',
    '/api/activities',
    '/api/activities/1',
    '/api/signups/user',
    '/api/signups/user/6',
    '/api/signups/user/favorites',
    '/api/signups/scheduled_activity/1',
  ])('%s is 403 for alumni, and in other words for nobody', async (path) => {
    const { access_token } = await signIn(ion, '2024sali');
    const refused = (detail: string): object => ({ status: 403, text: JSON.stringify({ detail }) });
    expect(await ask(ion, path, access_token)).toMatchObject(
      refused('You do not have permission to perform this action.'),
    );
    expect(await ask(ion, path)).toMatchObject(
      refused('Authentication credentials were not provided.'),
    );
  });
});

describe('a question for the methods', () => {
  it('is answered with what the view is and takes', async () => {
    const answer = await send(`${ion.baseURL}/api/emerg`, { method: 'OPTIONS' });
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.text)).toEqual({
      name: 'Emerg Status',
      description: 'Whether the school is closed.',
      renders: ['application/json', 'text/html'],
      parses: ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'],
    });
  });
});

describe('a request that is no good request', () => {
  const form = { 'content-type': 'application/x-www-form-urlencoded' };

  it.each([
    ['whose path is not percent-encoded', '/api/schedule/%zz', {}],
    [
      'whose form is too large',
      '/oauth/token/',
      { method: 'POST', headers: form, body: 'a'.repeat(2_621_441) },
    ],
    [
      'whose form is in another charset than utf-8',
      '/oauth/token/',
      {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf8' },
        body: 'a=b',
      },
    ],
    [
      'whose form is multipart',
      '/oauth/token/',
      {
        method: 'POST',
        headers: { 'content-type': 'multipart/form-data; boundary=b' },
        body: '--b--\r\n',
      },
    ],
  ])('%s is 400, in HTML', async (_what, path, sent) => {
    expect(await send(`${ion.baseURL}${path}`, sent)).toMatchObject({
      status: 400,
      headers: { 'content-type': 'text/html; charset=utf-8' },
    });
  });

  it('is given up when it breaks off, and is no failure of the server', async () => {
    const events = new EventEmitter();
    const other = await startLocalIon({ log: (line) => events.emit('line', line) });
    const logged = once(events, 'line');
    const { hostname, port } = new URL(other.baseURL);
    const socket = connect(Number(port), hostname);
    const head = 'POST /oauth/token/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n';
    socket.write(head, () => socket.destroy());
    expect(await logged).toEqual([expect.stringMatching(/^POST \/oauth\/token\/ cut off \d+ ms$/)]);
    const next = once(events, 'line');
    await ask(other, '/api/emerg');
    expect(await next).toEqual([expect.stringMatching(/^GET \/api\/emerg 200/)]);
    await other.stop();
  });
});
