// Tests eighth period in the local Ion: its blocks and activities, and the rules for signing up.

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { send } from '../contract/support/send.js';
import type { HTTPResponse } from '../contract/support/send.js';
import { getAPI, signIn } from '../requests.js';

const DAY = 86_400_000;
// A Tuesday, which is a day with an eighth period.
const START = Date.parse('2026-11-24T12:00:00-05:00');

let ion: LocalIon;
let time: number;
const tokens = new Map<string, string>();

beforeEach(async () => {
  time = START;
  tokens.clear();
  ion = await startLocalIon({ now: () => time });
});
afterEach(() => ion.stop());

async function tokenOf(username: string): Promise<string> {
  const known = tokens.get(username) ?? (await signIn(ion, username)).access_token;
  tokens.set(username, known);
  return known;
}

/** Sets the clock forward, and clears the cached tokens, which have expired by the new time. */
function passDays(days: number): void {
  time += days * DAY;
  tokens.clear();
}

async function get<Body>(path: string, as = '2027jdoe'): Promise<Body> {
  const { status, text } = await getAPI(ion, `/api${path}`, await tokenOf(as));
  if (status !== 200) throw new Error(`${status}: ${text}`);
  // The cast is safe because the contract tests check the shape of the response.
  return JSON.parse(text) as Body;
}

async function post(path: string, body: object, as = '2027jdoe'): Promise<HTTPResponse> {
  const headers = {
    authorization: `Bearer ${await tokenOf(as)}`,
    'content-type': 'application/json',
  };
  return send(`${ion.baseURL}/api${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
}

interface Block {
  readonly id: number;
  readonly date: string;
  readonly block_letter: string;
  readonly locked: boolean;
}

interface Scheduled {
  readonly id: number;
  readonly name: string;
  readonly cancelled: boolean;
  readonly favorited: boolean;
  readonly scheduled_activity: { readonly id: number };
  readonly roster: { readonly count: number; readonly capacity: number };
}

interface Signup {
  readonly id: number;
  readonly block: { readonly id: number; readonly date: string; readonly block_letter: string };
  readonly activity: { readonly id: number; readonly title: string };
  readonly scheduled_activity: number;
  readonly user: number;
}

async function blocks(query = ''): Promise<Block[]> {
  return (await get<{ results: Block[] }>(`/blocks?page_size=200&${query}`)).results;
}

/** Returns a day's A block and B block. */
async function blocksOf(date: string): Promise<[a: Block, b: Block]> {
  const [a, b, ...more] = await blocks(`date=${date}`);
  if (!a || !b || more.length > 0) throw new Error(`${date} does not have two blocks`);
  return [a, b];
}

async function activities(block: Block, as?: string): Promise<Scheduled[]> {
  const path = `/blocks/${block.id}`;
  const { activities } = await get<{ activities: Record<string, Scheduled> }>(path, as);
  return Object.values(activities);
}

async function activityNamed(name: string, block: Block): Promise<Scheduled> {
  const found = (await activities(block)).find((each) => each.name === name);
  if (!found) throw new Error(`There is no ${name} on ${block.date}`);
  return found;
}

async function signUp(name: string, block: Block, as?: string): Promise<HTTPResponse> {
  const { id: activity } = await activityNamed(name, block);
  return post('/signups/user', { block: block.id, activity }, as);
}

/** Returns a person's sign-ups, each as `date letter title`. */
async function listSignups(as?: string): Promise<string[]> {
  const signups = await get<Signup[]>('/signups/user', as);
  return signups.map(
    ({ block, activity }) => `${block.date} ${block.block_letter} ${activity.title}`,
  );
}

const refused = (...details: string[]): object => ({
  status: 400,
  text: JSON.stringify({ details }),
});

describe('GET /api/blocks', () => {
  it('returns the blocks of the days whose schedule has an eighth period', async () => {
    const { results } = await get<{ results: { date: string; day_type: { blocks: object[] } }[] }>(
      '/schedule?page_size=7',
    );
    for (const { date, day_type } of results) {
      const names = day_type.blocks.map((block) => (block as { name: string }).name);
      const letters = (await blocks(`date=${date}`)).map(({ block_letter }) => block_letter);
      expect(letters).toEqual(names.flatMap((name) => /^8(.)$/.exec(name)?.[1] ?? []));
    }
  });

  it('keeps block ids from day to day, and locks blocks when their day is over', async () => {
    const before = await blocksOf('2026-11-24');
    expect(before.map(({ locked }) => locked)).toEqual([false, false]);
    passDays(1);
    const after = await blocksOf('2026-11-24');
    expect(after).toEqual(before.map((block) => ({ ...block, locked: true })));
  });

  it('prefers start_date to date', async () => {
    const from = await blocks('start_date=2026-12-01');
    expect(from.length).toBeGreaterThan(2);
    expect(from.every(({ date }) => date >= '2026-12-01')).toBe(true);
    expect(await blocks('start_date=2026-12-01&date=2026-11-24')).toEqual(from);
  });

  it('returns the same details of an activity as Ion', async () => {
    const [block] = await blocksOf('2026-11-24');
    const chess = await activityNamed('Chess Club', block);
    const id = 100 * block.id + 1;
    const url = `${ion.baseURL}/api/signups/scheduled_activity/${id}`;
    expect(Object.entries(chess)).toEqual(
      Object.entries({
        id: 1,
        aid: 1,
        scheduled_activity: { id, url },
        url: `${ion.baseURL}/api/activities/1`,
        name: 'Chess Club',
        name_with_flags: 'Chess Club',
        name_with_flags_for_user: 'Chess Club',
        description: '',
        cancelled: false,
        favorited: false,
        subscribed_to: false,
        subscriptions_enabled: false,
        roster: { count: 0, capacity: 30, url },
        rooms: ['Room 101'],
        sponsors: ['Delta'],
        restricted: false,
        restricted_for_user: false,
        both_blocks: false,
        one_a_day: false,
        special: false,
        administrative: false,
        presign: false,
        presign_time: 'Sunday, November 22 at 8:00 PM',
        sticky: false,
        user_sticky: false,
        finance: '',
        title: '',
        comments: '',
        display_text: '',
        waitlist_count: 0,
        waitlisted: false,
        waitlist_position: 0,
        is_recommended: false,
      }),
    );
  });

  it('offers some activities on only one of the blocks', async () => {
    const [a, b] = await blocksOf('2026-11-24');
    const names = async (block: Block): Promise<string[]> =>
      (await activities(block)).map(({ name }) => name);
    expect(await names(a)).toContain('Choir');
    expect(await names(b)).not.toContain('Choir');
    const { id: activity } = await activityNamed('Choir', a);
    expect(await post('/signups/user', { block: b.id, activity })).toMatchObject({
      status: 404,
      text: '{"details":["Object does not exist (in database)."]}',
    });
  });
});

describe('POST /api/signups/user', () => {
  it('replaces the earlier sign-up for the block', async () => {
    const [a, b] = await blocksOf('2026-11-26');
    expect((await signUp('Chess Club', a)).status).toBe(201);
    expect((await signUp('Chess Club', b)).status).toBe(201);
    const { scheduled_activity } = await activityNamed('Open Gym', b);
    const response = await post('/signups/user', { scheduled_activity: scheduled_activity.id });
    expect(response.status).toBe(201);
    expect(JSON.parse(response.text)).toMatchObject({ id: 5, name: 'Open Gym' });
    expect(await listSignups()).toEqual(['2026-11-26 A Chess Club', '2026-11-26 B Open Gym']);
    expect((await activityNamed('Chess Club', b)).roster.count).toBe(0);
    expect((await activityNamed('Open Gym', b)).roster.count).toBe(1);
  });

  it('creates a sign-up that others can see if the person shows their sign-ups', async () => {
    const [a] = await blocksOf('2026-11-24');
    await signUp('Chess Club', a, '2028znunez');
    expect(await listSignups()).toEqual([]);
    const [signup] = await get<Signup[]>('/signups/user/3');
    expect(signup).toEqual({
      id: 1,
      block: {
        id: a.id,
        date: '2026-11-24',
        url: `${ion.baseURL}/api/blocks/${a.id}`,
        block_letter: 'A',
      },
      activity: { id: 1, title: 'Chess Club', url: `${ion.baseURL}/api/activities/1` },
      scheduled_activity: 100 * a.id + 1,
      user: 3,
    });
    const roster = await get(`/signups/scheduled_activity/${100 * a.id + 1}`);
    expect(JSON.stringify(roster)).toBe(
      JSON.stringify({
        id: 100 * a.id + 1,
        name: 'Chess Club',
        block: { id: a.id, date: '2026-11-24', url: `${ion.baseURL}/api/blocks/${a.id}` },
        activity: { id: 1, title: 'Chess Club', url: `${ion.baseURL}/api/activities/1` },
        signups: {
          members: [
            {
              id: 3,
              full_name: 'Zoë Núñez-Łukasik',
              username: '2028znunez',
              url: `${ion.baseURL}/api/profile/3`,
            },
          ],
          count: 1,
          viewable_count: 1,
        },
        capacity: 30,
      }),
    );
  });

  it('creates sign-ups that can be filtered by day', async () => {
    const [today] = await blocksOf('2026-11-24');
    const [later] = await blocksOf('2026-12-01');
    await signUp('Chess Club', later);
    await signUp('Chess Club', today);
    const dates = async (query: string): Promise<string[]> =>
      (await get<Signup[]>(`/signups/user?${query}`)).map(({ block }) => block.date);
    expect(await dates('')).toEqual(['2026-11-24', '2026-12-01']);
    expect(await dates('date=2026-11-24')).toEqual(['2026-11-24']);
    expect(await dates('start_date=2026-11-25')).toEqual(['2026-12-01']);
  });

  it('signs up for both blocks of an activity that takes both, and leaves both', async () => {
    const [a, b] = await blocksOf('2026-11-24');
    await signUp('Chess Club', b);
    await signUp('Robotics', a);
    expect(await listSignups()).toEqual([
      '2026-11-24 A Robotics (BB)',
      '2026-11-24 B Robotics (BB)',
    ]);
    await signUp('Chess Club', b);
    expect(await listSignups()).toEqual(['2026-11-24 B Chess Club']);
  });

  it('refuses an activity that is full, until a seat is free', async () => {
    const [a] = await blocksOf('2026-11-24');
    expect((await signUp('Driving Simulator', a, '2028znunez')).status).toBe(201);
    expect(await signUp('Driving Simulator', a)).toMatchObject(
      refused('This activity is full. You may not sign up for it at this time.'),
    );
    expect(await listSignups()).toEqual([]);
    await signUp('Chess Club', a, '2028znunez');
    expect((await signUp('Driving Simulator', a)).status).toBe(201);
  });

  it('with force, signs up even for a canceled activity, and its title says that it is canceled', async () => {
    const admin = 'roak';
    const [a] = await blocksOf('2026-11-26');
    const { id: activity } = await activityNamed('Astronomy Club', a);
    const body = { block: a.id, activity, force: true };
    expect((await post('/signups/user', body, admin)).status).toBe(201);
    expect(await listSignups(admin)).toEqual(['2026-11-26 A Astronomy Club (Cancelled)']);
    const path = `/signups/scheduled_activity/${100 * a.id + activity}`;
    expect(await get(path)).toMatchObject({
      name: 'Astronomy Club (Cancelled)',
      activity: { id: activity, title: 'Astronomy Club (Cancelled)' },
    });
  });

  it('refuses locked blocks, and activities that are restricted, canceled, or limited to once a day', async () => {
    const [a, b] = await blocksOf('2026-11-26');
    expect(await signUp('Astronomy Club', a)).toMatchObject(
      refused('This activity has been cancelled for this block.'),
    );
    expect(await signUp('Mock Trial Team', a)).toMatchObject(
      refused(
        'You may not sign up for this restricted activity. You are not on the authorized list.',
      ),
    );
    expect((await signUp('Open Gym', a)).status).toBe(201);
    expect((await signUp('Open Gym', a)).status).toBe(201);
    expect(await signUp('Open Gym', b)).toMatchObject(
      refused(
        'You may only sign up for this activity once per day. To sign up for the activity during this block, change your signup on the other block where you selected this activity.',
      ),
    );
    passDays(3);
    expect(await signUp('Mock Trial Team', a)).toMatchObject(
      refused(
        'This block has been locked. Signup is not allowed at this time.',
        'You may not sign up for this restricted activity. You are not on the authorized list.',
      ),
    );
    expect(await listSignups()).toEqual(['2026-11-26 A Open Gym']);
  });
});

describe('POST /api/signups/user/favorites', () => {
  it('adds and removes a favorite for this person, and shows it on the blocks', async () => {
    const [a] = await blocksOf('2026-11-24');
    const path = '/signups/user/favorites';
    expect((await post(path, { activity: 5 })).status).toBe(201);
    expect((await post(path, { activity: 1 })).status).toBe(201);
    const listFavorites = async (as?: string): Promise<string[]> =>
      (await get<{ name: string }[]>(path, as)).map(({ name }) => name);
    expect(await listFavorites()).toEqual(['Open Gym', 'Chess Club']);
    expect(await listFavorites('2028znunez')).toEqual([]);
    const favorited = async (as?: string): Promise<string[]> =>
      (await activities(a, as)).filter((each) => each.favorited).map(({ name }) => name);
    expect(await favorited()).toEqual(['Chess Club', 'Open Gym']);
    expect(await favorited('2028znunez')).toEqual([]);
    await post(path, { activity: 5 });
    expect(await listFavorites()).toEqual(['Chess Club']);
  });
});
