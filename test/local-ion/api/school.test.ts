// Tests the local Ion's made-up days, announcements, and buses. The contract tests check their shape.

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { getAPI, signIn } from '../requests.js';

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
  const { text } = await getAPI(ion, `/api/schedule?${query}`);
  // The cast is safe because the contract tests check the shape of the response.
  return JSON.parse(text) as DayPage;
}

describe('GET /api/schedule', () => {
  it('returns the days from today on, with school from Monday to Friday', async () => {
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

  it('begins with today’s date in UTC, as on Ion, even in summer', async () => {
    time = Date.parse('2027-06-15T19:59:59-04:00');
    expect((await days('')).results[0]?.date).toBe('2027-06-15');
    time = Date.parse('2027-06-15T20:00:00-04:00');
    expect((await days('')).results[0]?.date).toBe('2027-06-16');
  });

  it('has each day’s blocks in order, and times without a leading zero', async () => {
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
  ])('links to the next and previous page: ?%s', async (query, { next, previous }) => {
    const page = await days(query);
    const schedule = `${ion.baseURL}/api/schedule?`;
    expect(page.next).toBe(next === null ? null : schedule + next);
    expect(page.previous).toBe(schedule + previous);
    expect(page.count).toBe(28);
  });

  it.each(['page=0', 'page=29', 'page=x', 'page=-1'])('responds with 404 to ?%s', async (query) => {
    expect(await getAPI(ion, `/api/schedule?${query}`)).toMatchObject({
      status: 404,
      text: '{"detail":"Invalid page."}',
    });
  });

  it.each([
    ['2026-W01-1', '2025-12-29'],
    ['2026-W53-5', '2027-01-01'],
    ['2020-W53-7', '2021-01-03'],
    ['2026W48', '2026-11-23'],
  ])('accepts the ISO week date %s for %s', async (week, date) => {
    time = Date.parse(`${date}T12:00:00-05:00`);
    const { text } = await getAPI(ion, `/api/schedule/${week}`);
    expect(JSON.parse(text)).toMatchObject({ date });
  });

  it.each(['a/b', '2025-W53-1', '2026-W48-8', '2026-W00-1', '2026-W48-0'])(
    'responds with 400 to the invalid date %s',
    async (day) => {
      expect((await getAPI(ion, `/api/schedule/${day}`)).status).toBe(400);
    },
  );
});

describe('GET /api/announcements', () => {
  it('returns announcements with harmless and hostile HTML, newest first', async () => {
    const { access_token } = await signIn(ion, '2027jdoe');
    const { text } = await getAPI(ion, '/api/announcements', access_token);
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

  it('has the same times of day in New York in summer as in winter', async () => {
    time = Date.parse('2026-07-04T12:00:00-04:00');
    const { access_token } = await signIn(ion, '2027jdoe');
    const { text } = await getAPI(ion, '/api/announcements/60', access_token);
    expect(JSON.parse(text)).toMatchObject({ id: 60, added: '2026-07-03T12:15:00Z' });
  });
});

describe('GET /api/announcements, if no one is an eighth-period admin', () => {
  it('returns null as the user', async () => {
    const alone = await startLocalIon({ people: [{ ion_username: 'one' }] });
    const { access_token } = await signIn(alone, 'one');
    const { text } = await getAPI(alone, '/api/announcements', access_token);
    const { results } = JSON.parse(text) as { results: { user: unknown }[] };
    expect(new Set(results.map(({ user }) => user))).toEqual(new Set([null]));
    await alone.stop();
  });
});

describe('GET /api/bus', () => {
  it('returns buses ordered by name, with at least one in each status', async () => {
    const { access_token } = await signIn(ion, '2027jdoe');
    const { text } = await getAPI(ion, '/api/bus', access_token);
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
    const one = await getAPI(ion, '/api/bus/2', access_token);
    expect(JSON.parse(one.text)).toEqual(results[1]);
    expect(await getAPI(ion, '/api/bus/99', access_token)).toMatchObject({
      status: 404,
      text: '{"detail":"No Route matches the given query."}',
    });
  });
});
