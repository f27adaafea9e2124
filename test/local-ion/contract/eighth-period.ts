import {
  NOBODY,
  allowed,
  detail,
  noPermission,
  noSuchPerson,
  notAuthenticated,
  unknownError,
} from './support/expected-responses.js';
import type { Contract } from './contract.js';
import { tokensIn } from './support/provider-client.js';
import { unattended } from './support/applications.js';
import type { HTTPResponse, RequestOptions } from './support/send.js';

interface Page<Item> {
  readonly count: number;
  readonly results: readonly Item[];
}

interface Block {
  readonly id: number;
  readonly date: string;
  readonly locked: boolean;
}

interface Activities {
  readonly activities: Record<string, { readonly scheduled_activity: { readonly id: number } }>;
}

interface Roster {
  readonly signups: {
    readonly members: readonly { readonly id: number }[];
    readonly count: number;
    readonly viewable_count: number;
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };
const FORM_TYPE = { 'content-type': 'application/x-www-form-urlencoded' };

/** Tests eighth period: blocks, activities, and sign-ups. Each provider has different blocks and activities. */
export function eighthPeriod(contract: Contract): void {
  const request = async (path: string, as?: string, sent?: RequestOptions): Promise<HTTPResponse> =>
    contract.ion.api(
      (await contract.ion.signIn(as === undefined ? {} : { as })).access_token,
      path,
      sent,
    );
  const read = async <Body>(path: string, as?: string): Promise<Body> => {
    const response = await request(path, as);
    expect(response).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json' },
    });
    // The cast is safe because the contract tests check the shape of the response.
    return JSON.parse(response.text) as Body;
  };
  const post = (path: string, body: string, headers: object = JSON_TYPE, as?: string) =>
    request(path, as, { method: 'POST', headers: { ...headers }, body });
  const signUp = (body: object, as?: string): Promise<HTTPResponse> =>
    post('/api/signups/user', JSON.stringify(body), JSON_TYPE, as);
  const blocks = async (query = 'page_size=200'): Promise<readonly Block[]> =>
    (await read<Page<Block>>(`/api/blocks?${query}`)).results;
  const openBlock = async (): Promise<Block> => {
    const found = (await blocks()).find(({ locked }) => !locked);
    if (!found) throw new Error('Every block is locked');
    return found;
  };
  const at = (path: string): string => `${contract.ion.provider.baseURL}/api${path}`;

  describe('GET /api/blocks', () => {
    it('returns pages of blocks, ordered by date', async () => {
      const all = await blocks();
      for (const { id, ...block } of all) {
        expect(Object.keys({ id, ...block })).toEqual([
          'id',
          'url',
          'date',
          'block_letter',
          'locked',
        ]);
        expect(block).toMatchObject({ url: at(`/blocks/${id}`) });
        expect(block.date).toMatch(/^\d{4}-\d\d-\d\d$/);
      }
      const dates = all.map(({ date }) => date);
      expect(dates).toEqual([...dates].sort());
      const page = await read<Page<Block>>('/api/blocks?page_size=2');
      expect(Object.keys(page)).toEqual(['count', 'next', 'previous', 'results']);
      expect(page).toMatchObject({
        count: all.length,
        next: at('/blocks?page=2&page_size=2'),
        results: all.slice(0, 2),
      });
    });

    it('filters by date and by start_date', async () => {
      const { date } = await openBlock();
      const all = await blocks();
      expect(await blocks(`date=${date}`)).toEqual(all.filter((block) => block.date === date));
      expect(await blocks(`start_date=${date}`)).toEqual(all.filter((block) => block.date >= date));
    });

    it.each(['date', 'start_date'])('responds with 400 to an invalid %s', async (name) => {
      const response = await request(`/api/blocks?${name}=tomorrow`);
      expect(response).toMatchObject({ status: 400, text: `["Invalid format for ${name}."]` });
    });

    it('returns one block with its activities by id', async () => {
      const { id, date } = await openBlock();
      const block = await read<Record<string, unknown>>(`/api/blocks/${id}`);
      expect(Object.keys(block)).toEqual(['id', 'activities', 'date', 'block_letter', 'comments']);
      expect(block).toMatchObject({ id, date });
      const activities = Object.entries(block['activities'] as Record<string, object>);
      expect(activities.length).toBeGreaterThan(0);
      for (const [key, activity] of activities) {
        expect(activity).toMatchObject({
          id: Number(key),
          url: at(`/activities/${key}`),
          name: expect.any(String) as string,
          scheduled_activity: { id: expect.any(Number) as number },
          roster: { count: expect.any(Number) as number, capacity: expect.any(Number) as number },
          presign_time: expect.stringMatching(
            /^[A-Z][a-z]+day, [A-Z][a-z]+ [1-9]\d? at 8:00 PM$/,
          ) as string,
        });
        expect(Object.keys(activity)).toEqual(KEYS_ON_BLOCK);
      }
    });

    it('responds with 404 to an unknown id', async () => {
      expect(await request('/api/blocks/99999999')).toMatchObject(detail(404, 'Not found.'));
    });
  });

  describe('GET /api/activities', () => {
    it('returns a page of activities', async () => {
      const { results } = await read<Page<{ id: number }>>('/api/activities');
      for (const activity of results) {
        expect(Object.keys(activity)).toEqual(['id', 'url', 'name']);
        expect(activity).toMatchObject({ url: at(`/activities/${activity.id}`) });
      }
    });

    it('returns one activity with the blocks it is on', async () => {
      const [first] = (await read<Page<{ id: number }>>('/api/activities')).results;
      const activity = await read<Record<string, unknown>>(`/api/activities/${first?.id ?? ''}`);
      expect(Object.keys(activity)).toEqual([
        'id',
        'name',
        'description',
        'administrative',
        'restricted',
        'presign',
        'one_a_day',
        'both_blocks',
        'sticky',
        'special',
        'scheduled_on',
      ]);
      const scheduled = Object.entries(activity['scheduled_on'] as Record<string, object>);
      expect(scheduled.length).toBeGreaterThan(0);
      for (const [key, block] of scheduled) {
        expect(Object.keys(block)).toEqual(['id', 'date', 'block_letter', 'url', 'roster']);
        expect(block).toMatchObject({ id: Number(key), url: at(`/blocks/${key}`) });
      }
    });

    it('responds with 404 to an unknown id', async () => {
      expect(await request('/api/activities/99999999')).toMatchObject(
        detail(404, 'No EighthActivity matches the given query.'),
      );
    });
  });

  describe('POST /api/signups/user', () => {
    it.each([
      ['JSON', JSON_TYPE, (body: object) => JSON.stringify(body)],
      [
        'a form',
        FORM_TYPE,
        (body: object) => new URLSearchParams(Object.entries(body).map(pairOf)).toString(),
      ],
    ])(
      'with %s, returns the activity and adds the sign-up to the list',
      async (_what, type, encoded) => {
        const { id: block, date } = await openBlock();
        const body = encoded({ block, activity: 1 });
        const response = await post('/api/signups/user', body, type, '2030fresh');
        expect(response).toMatchObject({
          status: 201,
          headers: { 'content-type': 'application/json' },
        });
        expect(allowed(response)).toEqual(['GET', 'HEAD', 'OPTIONS', 'POST']);
        expect(JSON.parse(response.text)).toMatchObject({ id: 1 });
        expect(response.text).toBe((await request('/api/activities/1')).text);
        const [signup] = await read<Record<string, unknown>[]>('/api/signups/user', '2030fresh');
        expect(Object.keys(signup ?? {})).toEqual([
          'id',
          'block',
          'activity',
          'scheduled_activity',
          'user',
        ]);
        expect(signup).toMatchObject({
          block: { id: block, date, url: at(`/blocks/${block}`) },
          activity: { id: 1, title: expect.any(String) as string, url: at('/activities/1') },
          user: 10,
        });
        expect(await read('/api/signups/user/10', 'jteacher')).toEqual([signup]);
      },
    );

    it('accepts a scheduled_activity', async () => {
      const { id } = await openBlock();
      const { activities } = await read<{
        activities: Record<string, { scheduled_activity: { id: number } }>;
      }>(`/api/blocks/${id}`);
      const scheduled_activity = activities['1']?.scheduled_activity.id;
      expect((await signUp({ scheduled_activity })).status).toBe(201);
      const signups = await read<{ scheduled_activity: number }[]>('/api/signups/user');
      expect(signups.map((signup) => signup.scheduled_activity)).toContain(scheduled_activity);
    });

    it('responds with 400 and reasons if the sign-up is refused, and changes nothing', async () => {
      const locked = (await blocks()).find((block) => block.locked);
      const before = await read('/api/signups/user', '2027jdoe');
      const response = await signUp({ block: locked?.id, activity: 1 }, '2027jdoe');
      expect(response).toMatchObject({
        status: 400,
        headers: { 'content-type': 'application/json' },
      });
      expect(JSON.parse(response.text)).toEqual({
        details: ['This block has been locked. Signup is not allowed at this time.'],
      });
      expect(await read('/api/signups/user', '2027jdoe')).toEqual(before);
    });

    it.each<[body: unknown, errors: object]>([
      [{ block: 99999999, activity: 1 }, { block: [noPrimaryKey(99999999)] }],
      [{ block: 'x', activity: 1 }, { block: [noType('str')] }],
      [
        { block: [], activity: {} },
        { block: [noType('list')], activity: [noType('dict')] },
      ],
      [
        { activity: null, block: true },
        { block: [noType('bool')], activity: [IS_NULL] },
      ],
      [{ scheduled_activity: '99999999' }, { scheduled_activity: [noPrimaryKey(99999999)] }],
      [
        { block: 99999999, force: 'x', use_scheduled_activity: null },
        {
          block: [noPrimaryKey(99999999)],
          use_scheduled_activity: [IS_NULL],
          force: ['Must be a valid boolean.'],
        },
      ],
      [[], { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] }],
      [8, { non_field_errors: ['Invalid data. Expected a dictionary, but got int.'] }],
      [8.5, { non_field_errors: ['Invalid data. Expected a dictionary, but got float.'] }],
      [null, { non_field_errors: ['No data provided'] }],
    ])('responds with 400 to %j, with errors by field', async (body, errors) => {
      const response = await post('/api/signups/user', JSON.stringify(body));
      expect(response).toMatchObject({ status: 400, text: JSON.stringify(errors) });
    });

    const incomplete = {
      status: 400,
      text: JSON.stringify({
        non_field_errors: [
          'Either scheduled_activity, or block and activity must exist. use_scheduled_activity must be false to use block and activity.',
        ],
      }),
    };

    it.each(['{}', '', '{"activity":1}'])(
      'responds with 400 if fields are missing: %s',
      async (body) => {
        expect(await post('/api/signups/user', body)).toMatchObject(incomplete);
      },
    );

    it('responds with 400 to use_scheduled_activity with only block and activity', async () => {
      const { id: block } = await openBlock();
      const body = { block, activity: 1, use_scheduled_activity: true };
      expect(await signUp(body)).toMatchObject(incomplete);
    });

    it.each(['jteacher', 'presenter', 'nonames'])(
      'refuses everyone whose grade is over 12: %s',
      async (as) => {
        const { id: block } = await openBlock();
        expect(await signUp({ block, activity: 1 }, as)).toMatchObject({
          status: 400,
          text: '{"details":["You may not sign this student up for activities."]}',
        });
      },
    );

    it('allows force only for eighth-period admins, and then always succeeds', async () => {
      const locked = (await blocks()).findLast((block) => block.locked);
      const body = { block: locked?.id, activity: 1, force: true };
      expect(await signUp(body, '2031incoming')).toMatchObject({
        status: 400,
        text: '{"error":"You are not an administrator."}',
      });
      const response = await post(
        '/api/signups/user/4',
        JSON.stringify(body),
        JSON_TYPE,
        '2029admin',
      );
      expect(response.status).toBe(201);
    });

    it.each([
      ['"tRUE"', true],
      ['"Yes"', true],
      ['1', true],
      ['"oFF"', false],
      ['0', false],
    ])('reads %s as a boolean: %s', async (force, isForced) => {
      const locked = (await blocks()).find((block) => block.locked);
      const body = `{"block":${locked?.id ?? ''},"activity":1,"force":${force}}`;
      const { status, text } = await post('/api/signups/user', body);
      expect([status, text.includes('You are not an administrator.')]).toEqual([400, isForced]);
    });

    it.each(['2', '""', '"yes please"', '[]'])(
      'responds with 400 to a boolean that is %s',
      async (force) => {
        expect(await post('/api/signups/user', `{"force":${force}}`)).toMatchObject({
          status: 400,
          text: '{"force":["Must be a valid boolean."]}',
        });
      },
    );

    it('refuses an activity that is full', async () => {
      const { id: block } = (await blocks()).filter(({ locked }) => !locked)[2] ?? {};
      const body = { block, activity: 2 };
      expect((await signUp(body, '2031incoming')).status).toBe(201);
      expect(await signUp(body, '2027jdoe')).toMatchObject({
        status: 400,
        text: '{"details":["This activity is full. You may not sign up for it at this time."]}',
      });
    });

    it('responds with 415 to a body that is neither JSON nor a form, and with 400 to invalid JSON', async () => {
      for (const type of ['text/plain', '']) {
        const headers = type === '' ? {} : { 'content-type': type };
        expect(await post('/api/signups/user', 'x', headers)).toMatchObject(
          detail(415, `Unsupported media type "${type}" in request.`),
        );
      }
      const { status, text } = await post('/api/signups/user', '{');
      expect([status, text]).toEqual([
        400,
        expect.stringMatching(/^\{"detail":"JSON parse error - /),
      ]);
    });

    it('lets only eighth-period admins sign someone else up', async () => {
      const { id: block, date } = await openBlock();
      const body = JSON.stringify({ block, activity: 1 });
      expect(await post('/api/signups/user/8', body)).toMatchObject(noPermission);
      expect((await post('/api/signups/user/8', body, JSON_TYPE, '2029admin')).status).toBe(201);
      expect(await read('/api/signups/user/8?date=' + date, '2029admin')).toMatchObject([
        { user: 8 },
      ]);
    });

    it('responds with 404 to an admin if there is no such person, for GET too', async () => {
      const path = `/api/signups/user/${NOBODY}`;
      const { id: block } = await openBlock();
      const body = JSON.stringify({ block, activity: 1 });
      expect(await post(path, body, JSON_TYPE, '2029admin')).toMatchObject(noSuchPerson);
      expect(await request(path, '2029admin')).toMatchObject(noSuchPerson);
    });

    it('makes a sign-up that the person, staff and admins can see, and others only if the person shows it', async () => {
      const { id: block } = (await blocks()).filter(({ locked }) => !locked)[4] ?? {};
      for (const as of ['2028znunez', '2027jdoe']) {
        expect((await signUp({ block, activity: 1 }, as)).status).toBe(201);
      }
      const { activities } = await read<Activities>(`/api/blocks/${block ?? ''}`);
      const id = activities['1']?.scheduled_activity.id ?? '';
      const membersSeenBy = async (as: string): Promise<unknown> => {
        const roster = await read<Roster>(`/api/signups/scheduled_activity/${id}`, as);
        const { members, count, viewable_count } = roster.signups;
        expect([count, viewable_count]).toEqual([2, members.length]);
        return members.map((member) => member.id);
      };
      const seenBy = async (as: string, whose: number): Promise<number> =>
        (await read<{ block: { id: number } }[]>(`/api/signups/user/${whose}`, as)).filter(
          (signup) => signup.block.id === block,
        ).length;
      for (const [as, member, isPrivateSeen] of [
        ['2028znunez', [3, 6], 1],
        ['jteacher', [3, 6], 1],
        ['2029admin', [3, 6], 1],
        ['2030fresh', [6], 0],
      ] as const) {
        expect(await membersSeenBy(as)).toEqual(member);
        expect(await seenBy(as, 6)).toBe(1);
        expect(await seenBy(as, 3)).toBe(isPrivateSeen);
      }
    });

    it('adds to a roster; each activity on a block has its own', async () => {
      const { id, date } = await openBlock();
      const { activities } = await read<Activities>(`/api/blocks/${id}`);
      const scheduled = activities['1']?.scheduled_activity.id;
      const roster = await read<object>(`/api/signups/scheduled_activity/${scheduled ?? ''}`);
      expect(Object.keys(roster)).toEqual([
        'id',
        'name',
        'block',
        'activity',
        'signups',
        'capacity',
      ]);
      expect(roster).toMatchObject({
        id: scheduled,
        block: { id, date, url: at(`/blocks/${id}`) },
        activity: { id: 1, url: at('/activities/1') },
      });
      expect(await request('/api/signups/scheduled_activity/99999999')).toMatchObject(noSuchPerson);
    });

    it.each(['date', 'start_date'])('GET responds with 400 to an invalid %s', async (name) => {
      expect(await request(`/api/signups/user?${name}=x`)).toMatchObject({
        status: 400,
        text: `["Invalid format for ${name}."]`,
      });
    });
  });

  describe('POST /api/signups/user/favorites', () => {
    it('adds an activity, and removes it the next time', async () => {
      const path = '/api/signups/user/favorites';
      const toggle = (): Promise<HTTPResponse> => post(path, '{"activity":1}', JSON_TYPE, 'simple');
      expect(await read(path, 'simple')).toEqual([]);
      expect(await toggle()).toMatchObject({ status: 201 });
      const [favorite] = await read<object[]>(path, 'simple');
      expect(Object.keys(favorite ?? {})).toEqual(['id', 'url', 'name']);
      expect(favorite).toMatchObject({ id: 1, url: at('/activities/1') });
      expect(await toggle()).toMatchObject({ status: 201 });
      expect(await read(path, 'simple')).toEqual([]);
    });

    it.each<[body: string, status: number, errors: object]>([
      ['{"activity":999}', 400, { activity: [noPrimaryKey(999)] }],
      ['{"activity":"x"}', 400, { activity: [noType('str')] }],
      ['{"activity":null}', 400, { activity: [IS_NULL] }],
      ['[1]', 400, { non_field_errors: ['Invalid data. Expected a dictionary, but got list.'] }],
      ['{}', 500, { details: ['Unknown error occurred.'] }],
    ])('refuses %s with %i, and adds nothing', async (body, status, errors) => {
      const path = '/api/signups/user/favorites';
      const response = await post(path, body, JSON_TYPE, 'presenter');
      expect(response).toMatchObject({ status, text: JSON.stringify(errors) });
      expect(await read(path, 'presenter')).toEqual([]);
    });
  });

  describe('eighth period', () => {
    const everything = ['/api/blocks', '/api/activities', '/api/activities/1'];
    const personal = ['/api/signups/user', '/api/signups/user/6', '/api/signups/user/favorites'];

    it.each([...everything, ...personal])(
      'is 403 without a token and for restricted people: %s',
      async (path) => {
        expect(await contract.ion.send(path)).toMatchObject(notAuthenticated);
        expect(await request(path, '2020aalum')).toMatchObject(noPermission);
      },
    );

    it('can be read by an application, which cannot sign up', async () => {
      const token = tokensIn(
        await contract.ion.token({ grant_type: 'client_credentials' }, unattended),
      );
      const { id: block } = await openBlock();
      const { activities } = await read<Activities>(`/api/blocks/${block}`);
      const roster = `/api/signups/scheduled_activity/${activities['1']?.scheduled_activity.id ?? ''}`;
      for (const path of [...everything, '/api/signups/user/6', roster]) {
        expect((await contract.ion.api(token.access_token, path)).status).toBe(200);
      }
      // This person hides their sign-ups from others.
      expect((await contract.ion.api(token.access_token, '/api/signups/user/8')).text).toBe('[]');
      for (const path of [
        `/api/blocks/${block}`,
        '/api/signups/user',
        '/api/signups/user/favorites',
      ]) {
        expect(await contract.ion.api(token.access_token, path)).toMatchObject(unknownError);
      }
      for (const path of [
        '/api/signups/user',
        '/api/signups/user/6',
        '/api/signups/user/favorites',
      ]) {
        const body = JSON.stringify({ block, activity: 1 });
        const sent = { method: 'POST', headers: JSON_TYPE, body };
        expect(await contract.ion.api(token.access_token, path, sent)).toMatchObject(unknownError);
      }
    });
  });
}

// The keys of an activity on a block, in the order in which Ion sends them.
const KEYS_ON_BLOCK = [
  'id',
  'aid',
  'scheduled_activity',
  'url',
  'name',
  'name_with_flags',
  'name_with_flags_for_user',
  'description',
  'cancelled',
  'favorited',
  'subscribed_to',
  'subscriptions_enabled',
  'roster',
  'rooms',
  'sponsors',
  'restricted',
  'restricted_for_user',
  'both_blocks',
  'one_a_day',
  'special',
  'administrative',
  'presign',
  'presign_time',
  'sticky',
  'user_sticky',
  'finance',
  'title',
  'comments',
  'display_text',
  'waitlist_count',
  'waitlisted',
  'waitlist_position',
  'is_recommended',
];

const IS_NULL = 'This field may not be null.';

function noPrimaryKey(id: number): string {
  return `Invalid pk "${id}" - object does not exist.`;
}

function noType(type: string): string {
  return `Incorrect type. Expected pk value, received ${type}.`;
}

function pairOf([name, value]: [string, unknown]): [string, string] {
  return [name, String(value)];
}
