import { inspect } from 'node:util';

import type { IonAPI } from '../../lib/api/api.js';
import { IonAPIError, IonOptionError, IonResponseError, IonURLError } from '../../lib/errors.js';
import type { IonTokens } from '../../lib/tokens.js';
import { json, startScriptedIon } from '../support/scripted-ion.js';
import type { Answer, Script, ScriptedIon } from '../support/scripted-ion.js';
import { strategyAt } from '../support/strategy-at.js';

const tokens: IonTokens = {
  accessToken: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  refreshToken: 'rrrrrrrrrrrrrrrrrrrrrrrrrrrrrr',
  tokenType: 'Bearer',
  scope: ['read'],
};

const PNG = Buffer.from('\x89PNG\r\n\x1a\n and so on', 'latin1');

let ion: ScriptedIon;
let script: Script;

beforeEach(async () => {
  script = () => json({ ok: true });
  ion = await startScriptedIon((seen) => script(seen));
});

afterEach(() => ion.stop());

function newAPI(): IonAPI {
  return strategyAt(ion.origin).api(tokens);
}

async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  const nothing = Symbol('nothing');
  const error = await promise.then(
    () => nothing,
    (reason: unknown) => reason,
  );
  if (error === nothing) throw new Error('it succeeded');
  return error;
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('a request', () => {
  it('carries the token in a header, and asks for JSON', async () => {
    await expect(newAPI().get('/schedule')).resolves.toStrictEqual({ ok: true });

    const [seen] = ion.seen;
    expect(seen).toMatchObject({ method: 'GET', url: '/api/schedule', body: '' });
    expect(seen?.headers).toMatchObject({
      accept: 'application/json',
      authorization: `Bearer ${tokens.accessToken}`,
    });
    expect(seen?.headers).not.toHaveProperty('origin');
    expect(seen?.headers).not.toHaveProperty('content-type');
  });

  it('has the query that it is given, added to its own', async () => {
    await newAPI().get('/x?page=2', {
      query: {
        date: '2026-11-24',
        full: true,
        size: 7,
        not: undefined,
        nor: null,
        of: ['a', 'é&'],
      },
    });

    expect(ion.seen[0]?.url).toBe(
      '/api/x?page=2&date=2026-11-24&full=true&size=7&of=a&of=%C3%A9%26',
    );
  });

  it.each([new Date(), {}, [[1]], Symbol(), 1n])(
    'refuses %p in a query or a form',
    async (value) => {
      // The cast: the mistake of an app in JavaScript.
      const parameters = { since: value as string };
      const api = newAPI();

      for (const request of [
        api.get('/x', { query: parameters }),
        api.post('/x', { form: parameters }),
      ]) {
        const error = await errorOf(request);
        expect(error).toBeInstanceOf(IonOptionError);
        expect(error).toMatchObject({ option: 'since' });
      }
      expect(ion.seen).toHaveLength(0);
    },
  );

  it.each(['post', 'put', 'patch'] as const)('%s sends JSON', async (method) => {
    await newAPI()[method]('/x', { json: { block: 1, name: 'Zoë' } });

    expect(ion.seen[0]).toMatchObject({
      method: method.toUpperCase(),
      url: '/api/x',
      body: '{"block":1,"name":"Zoë"}',
      headers: { 'content-type': 'application/json' },
    });
  });

  it.each(['post', 'put', 'patch'] as const)('%s sends a form', async (method) => {
    await newAPI()[method]('/x', { form: { block: 1, name: 'Zoë O', not: undefined } });

    expect(ion.seen[0]).toMatchObject({
      method: method.toUpperCase(),
      body: 'block=1&name=Zo%C3%AB+O',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  });

  it('may have no body', async () => {
    await newAPI().post('/signups/user');

    expect(ion.seen[0]).toMatchObject({
      method: 'POST',
      body: '',
      headers: { 'content-length': '0' },
    });
  });

  it('DELETEs', async () => {
    script = () => ({ status: 204 });

    await expect(newAPI().delete('/announcements/7')).resolves.toBeUndefined();
    expect(ion.seen[0]).toMatchObject({ method: 'DELETE', url: '/api/announcements/7' });
  });

  it('sends null and false, which are JSON', async () => {
    await newAPI().put('/x', { json: null });
    await newAPI().put('/x', { json: false });

    expect(ion.seen.map(({ body }) => body)).toStrictEqual(['null', 'false']);
  });

  it('with two bodies, one that is no JSON, or an unknown option is refused, and not sent', async () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    const api = newAPI();

    for (const options of [
      { json: {}, form: {} },
      { json: cycle },
      { json: 1n },
      { json: Symbol() },
    ]) {
      expect(await errorOf(api.post('/x', options))).toBeInstanceOf(IonOptionError);
    }
    // The cast: the mistake of who has no types.
    const error = await errorOf(api.post('/x', { block: 7 } as object));
    expect(error).toBeInstanceOf(IonOptionError);
    expect(error).toMatchObject({ option: 'block' });
    expect(String(error)).toContain('{ json: … }');
    expect(ion.seen).toHaveLength(0);
  });
});

describe('an answer', () => {
  it.each([200, 201, 204])('%i without a body is undefined', async (status) => {
    script = () => ({ status });

    await expect(newAPI().post('/x')).resolves.toBeUndefined();
  });

  it('is JSON whatever its type says, read as UTF-8', async () => {
    script = () => ({ headers: { 'content-type': 'text/html' }, body: '{"name":"小梅"}' });

    await expect(newAPI().get('/x')).resolves.toStrictEqual({ name: '小梅' });
  });

  it('that is no JSON is refused, and not quoted', async () => {
    script = () => ({ body: '<h1>sesame</h1>' });
    const error = await errorOf(newAPI().get('/x'));

    expect(error).toBeInstanceOf(IonResponseError);
    expect(error).toMatchObject({ code: 'ERR_ION_NOT_JSON', status: 502 });
    expect(String(error)).toContain(
      'Ion answered 200 to GET /api/x with something that is not JSON: check',
    );
    expect(inspect(error, { depth: Infinity })).not.toContain('sesame');
  });

  it.each([301, 302, 303, 307, 308, 304])('%i is no answer, and not followed', async (status) => {
    script = ({ url }) =>
      url === '/api/x' ? { status, headers: { location: '/api/y' } } : json({ followed: true });
    const error = await errorOf(newAPI().get('/x'));

    expect(error).toBeInstanceOf(IonResponseError);
    expect(String(error)).toContain('a redirect, which is never followed');
    expect(ion.seen).toHaveLength(1);
  });
});

describe('a refusal', () => {
  it.each<[number, unknown, string | undefined, string]>([
    [
      403,
      { detail: 'You do not have permission to perform this action.' },
      'You do not have permission to perform this action.',
      'another token will not help',
    ],
    [
      404,
      { details: ['Object does not exist (in database).'] },
      'Object does not exist (in database).',
      'check the path',
    ],
    [
      400,
      { details: ['The activity is full.', 'The block is locked.'] },
      'The activity is full.; The block is locked.',
      'did not carry it out',
    ],
    [
      400,
      { block: ['This field is required.'], non_field_errors: ['Too late.'] },
      'block: This field is required.; Too late.',
      'did not carry it out',
    ],
    [405, { detail: 'Method "POST" not allowed.' }, 'Method "POST" not allowed.', 'this method'],
    [406, { detail: 'Could not satisfy the request Accept header.' }, expect.any(String), 'check'],
    [401, '', undefined, 'Origin'],
    [429, {}, undefined, 'too many requests'],
    [400, ['Invalid format for date.'], 'Invalid format for date.', 'did not carry it out'],
    [400, { error: 'You are not an administrator.' }, 'You are not an administrator.', 'did not'],
    [500, { details: ['Unknown error occurred.'] }, 'Unknown error occurred.', 'try again'],
    [503, '<h1>maintenance</h1>', undefined, 'down for maintenance'],
    [400, 'null', undefined, 'did not carry it out'],
    [400, { detail: 7, nested: { detail: 'x' }, list: [{}] }, undefined, 'did not carry it out'],
  ])("%i %j is an IonAPIError with Ion's own words", async (status, body, detail, advice) => {
    script = () => (typeof body === 'string' ? { status, body } : json(body, status));
    const error = await errorOf(newAPI().get('/x'));

    expect(error).toBeInstanceOf(IonAPIError);
    expect(error).toMatchObject({ code: 'ERR_ION_API', ionStatus: status });
    const { detail: said, message } = error as IonAPIError;
    expect(said).toStrictEqual(detail);
    expect(message).toContain(`Ion answered ${status} to GET /api/x`);
    expect(message).toContain(advice);
    if (said !== undefined) expect(message).toContain(`(${said})`);
    expect(ion.seen).toHaveLength(1);
  });

  it('is no answer of Ion where a proxy asks the app for a password', async () => {
    script = () => ({ status: 407, headers: { 'proxy-authenticate': 'Basic' } });
    const error = await errorOf(newAPI().get('/x'));
    expect(error).toMatchObject({
      name: 'IonResponseError',
      code: 'ERR_ION_RESPONSE',
      status: 502,
    });
    expect((error as Error).message).toContain('no proxy in between');
  });

  it('is not quoted where it repeats a token, or what may be one', async () => {
    const repeated = [
      `Bearer ${tokens.accessToken}`,
      `no such token: ${tokens.refreshToken ?? ''}`,
      'the token zzzz0123456789ABCDEFGHIJKLMNOP',
      'x'.repeat(5000),
      'two\nlines',
    ];
    script = () => json({ detail: 'Nothing doing.', details: repeated }, 400);
    const error = await errorOf(newAPI().get('/x'));

    expect(error).toMatchObject({ detail: 'Nothing doing.' });
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(
      /aaaa|rrrr|zzzz|xxxx/,
    );
  });

  it('names the start of a long path, without its query', async () => {
    script = () => json({}, 400);
    const path = `/search/${'x'.repeat(5000)}`;
    const { message } = (await errorOf(newAPI().get(path, { query: { q: 'y' } }))) as IonAPIError;

    expect(message).toMatch(/^Ion answered 400 to GET \/api\/search\/x{88}: correct/);
  });

  it('quotes ten reasons at most', async () => {
    script = () => json({ details: Array.from({ length: 50 }, (_, i) => `reason ${i}`) }, 400);
    const { detail = '' } = (await errorOf(newAPI().get('/x'))) as IonAPIError;

    expect(detail.split('; ')).toHaveLength(10);
  });
});

describe('profile()', () => {
  it('is the profile of whom the tokens belong to', async () => {
    script = () => json({ id: 3, ion_username: '2028znunez', display_name: 'Zoë Núñez' });

    await expect(newAPI().profile()).resolves.toMatchObject({
      id: '3',
      username: '2028znunez',
      displayName: 'Zoë Núñez',
      profileUrl: `${ion.origin}/profile/3`,
    });
    expect(ion.seen[0]).toMatchObject({ method: 'GET', url: '/api/profile' });
  });

  it('is refused where it names nobody', async () => {
    script = () => json({ ok: true });

    expect(await errorOf(newAPI().profile())).toMatchObject({ code: 'ERR_ION_PROFILE' });
  });

  it('is refused where Ion refuses it', async () => {
    script = () => json({ id: 3, detail: 'You do not have permission.' }, 403);

    expect(await errorOf(newAPI().profile())).toMatchObject({
      code: 'ERR_ION_API',
      ionStatus: 403,
    });
  });
});

describe('picture()', () => {
  const picture = (body: Buffer): Answer => ({ headers: { 'content-type': 'image/jpeg' }, body });

  it.each([
    [3, undefined, '/api/profile/3/picture'],
    ['2028znunez', undefined, '/api/profile/2028znunez/picture'],
    ['3', 'senior', '/api/profile/3/picture/senior'],
  ] as const)('of %s in the year %s is asked for at %s', async (person, year, url) => {
    script = () => picture(PNG);

    await newAPI().picture(person, { year });
    expect(ion.seen.map((seen) => seen.url)).toStrictEqual([url]);
  });

  it('accepts any image, since Ion refuses who wants image/jpeg alone', async () => {
    script = () => picture(PNG);

    await newAPI().picture(3);
    expect(ion.seen[0]?.headers.accept).toBe('image/*');
  });

  it('of nobody named is that of whom the tokens belong to', async () => {
    script = ({ url }) => (url === '/api/profile' ? json({ id: 9 }) : picture(PNG));

    await newAPI().picture(undefined, { year: 'junior' });
    expect(ion.seen.map(({ url }) => url)).toStrictEqual([
      '/api/profile',
      '/api/profile/9/picture/junior',
    ]);
  });

  it.each([
    ['image/png', PNG],
    ['image/jpeg', Buffer.from('ffd8ffe000104a46494600', 'hex')],
    ['image/gif', Buffer.from('GIF89a and so on')],
    ['image/webp', Buffer.from('RIFF\n\0\0\0WEBPVP8 and so on')],
  ])('is called %s where its bytes are that', async (contentType, body) => {
    script = () => picture(body);

    await expect(newAPI().picture(3)).resolves.toStrictEqual({ data: body, contentType });
  });

  it.each(['', '<svg onload="alert(1)"/>', '{}', 'RIFF\n\0\0\0AVI '])(
    'that is no picture is refused: %j',
    async (body) => {
      script = () => picture(Buffer.from(body));

      const error = await errorOf(newAPI().picture(3));

      expect(error).toMatchObject({ code: 'ERR_ION_RESPONSE' });
      expect(String(error)).toContain('with no picture');
    },
  );

  it.each(['', '../profile', 'a b', 'a/b', 'é', '3?x', 1.5, -1, NaN])(
    'of %j is refused, and not asked for',
    async (person) => {
      expect(await errorOf(newAPI().picture(person))).toMatchObject({ option: 'idOrUsername' });
      expect(ion.seen).toHaveLength(0);
    },
  );

  it('in a year that is none is refused, and not asked for', async () => {
    // The cast: the mistake of who has no types.
    const year = '../../x' as 'junior';

    expect(await errorOf(newAPI().picture(3, { year }))).toMatchObject({ option: 'year' });
    expect(ion.seen).toHaveLength(0);
  });

  it('that this person may not see is refused, with the token unharmed', async () => {
    script = ({ url }) =>
      url === '/api/profile'
        ? json({ id: 9 })
        : { status: 403, headers: { 'content-type': 'image/jpg' }, body: 'detail' };

    expect(await errorOf(newAPI().picture(3))).toMatchObject({
      code: 'ERR_ION_API',
      ionStatus: 403,
    });
  });

  it('of nobody is a 404', async () => {
    script = () => ({ status: 404, headers: { 'content-type': 'image/jpg' }, body: 'details' });

    expect(await errorOf(newAPI().picture('nobody'))).toMatchObject({ ionStatus: 404 });
  });
});

describe('pages()', () => {
  const page = (results: unknown, next: unknown): Answer =>
    json({ count: 3, next, previous: null, results });

  it('are followed to the last', async () => {
    script = ({ url }) =>
      url === '/api/blocks?date=2026-11-24'
        ? page([1, 2], `${ion.origin}/api/blocks?date=2026-11-24&page=2`)
        : page([3], null);

    await expect(
      all(newAPI().pages('/blocks', { query: { date: '2026-11-24' } })),
    ).resolves.toStrictEqual([1, 2, 3]);
    expect(ion.seen.map(({ url }) => url)).toStrictEqual([
      '/api/blocks?date=2026-11-24',
      '/api/blocks?date=2026-11-24&page=2',
    ]);
    expect(ion.seen[1]?.headers.authorization).toBe(`Bearer ${tokens.accessToken}`);
  });

  it('are asked for only as they are needed', async () => {
    script = () => page([1, 2], `${ion.origin}/api/blocks?page=2`);

    for await (const item of newAPI().pages<number>('/blocks')) {
      if (item === 2) break;
    }
    expect(ion.seen).toHaveLength(1);
  });

  it('may be empty, first and between', async () => {
    script = ({ url }) =>
      url === '/api/blocks' ? page([], `${ion.origin}/api/blocks?page=2`) : page([], null);

    await expect(all(newAPI().pages('/blocks'))).resolves.toStrictEqual([]);
  });

  it.each([
    'http://evil.example/api/blocks?page=2',
    '//evil.example/api/blocks?page=2',
    'https://127.0.0.1/api/blocks?page=2',
    '/../oauth/authorize',
    'blocks?page=2',
    '',
  ])('that lead to %j are not followed', async (next) => {
    script = () => page([1], next);
    const got: unknown[] = [];
    const error = await errorOf(
      (async () => {
        for await (const item of newAPI().pages('/blocks')) got.push(item);
      })(),
    );

    expect(error).toBeInstanceOf(IonURLError);
    expect(got).toStrictEqual([1]);
    expect(ion.seen).toHaveLength(1);
  });

  it('that lead back to a page before are not followed for ever', async () => {
    script = ({ url }) =>
      page([url], `${ion.origin}/api/blocks${url.endsWith('page=2') ? '' : '?page=2'}`);

    const error = await errorOf(all(newAPI().pages('/blocks')));

    expect(error).toMatchObject({ code: 'ERR_ION_RESPONSE' });
    expect(String(error)).toContain('a link back to a page before');
    expect(ion.seen).toHaveLength(2);
  });

  it('are not followed past the thousandth', async () => {
    script = ({ url }) => {
      const number = Number(new URLSearchParams(url.split('?')[1]).get('page') ?? 1);
      return page([], `${ion.origin}/api/blocks?page=${number + 1}`);
    };

    const error = await errorOf(all(newAPI().pages('/blocks')));

    expect(error).toMatchObject({ code: 'ERR_ION_RESPONSE' });
    expect(String(error)).toContain('a link to a page after the first 1000');
    expect(ion.seen).toHaveLength(1000);
  });

  it.each([
    '[]',
    '[1]',
    'null',
    '',
    '{"results":[]}',
    '{"next":null}',
    '{"results":{},"next":null}',
    '{"results":[],"next":7}',
  ])('are none where Ion sends %j', async (body) => {
    script = () => ({ body });

    const error = await errorOf(all(newAPI().pages('/blocks')));

    expect(error).toMatchObject({ code: 'ERR_ION_RESPONSE' });
    expect(String(error)).toContain('no page of a list');
  });

  it('are refused where Ion refuses them', async () => {
    script = () => json({ detail: 'Invalid page.' }, 404);

    expect(await errorOf(all(newAPI().pages('/blocks')))).toMatchObject({
      code: 'ERR_ION_API',
      detail: 'Invalid page.',
    });
  });
});

describe('a kept connection that Ion has closed meanwhile', () => {
  async function requestsAfterHangUp(send: (api: IonAPI) => Promise<unknown>): Promise<number> {
    const api = newAPI();
    await api.get('/first');
    let hungUp = false;
    script = () => {
      if (hungUp) return json({ ok: true });
      hungUp = true;
      return 'hang up';
    };
    await send(api);
    return ion.seen.length - 1;
  }

  it.each(['get', 'put', 'delete'] as const)('is no reason for %s to fail', async (method) => {
    await expect(requestsAfterHangUp((api) => api[method]('/x'))).resolves.toBe(2);
  });

  it.each(['post', 'patch'] as const)('never makes %s happen twice', async (method) => {
    script = () => json({ ok: true });
    const sent = requestsAfterHangUp((api) => api[method]('/x').catch((error: unknown) => error));

    await expect(sent).resolves.toBe(1);
  });
});

describe('an IonAPI that is logged', () => {
  it('shows no token', async () => {
    const api = newAPI();
    await api.get('/schedule');

    expect(inspect(api, { depth: Infinity, showHidden: true })).not.toMatch(/aaaa|rrrr/);
    expect(JSON.stringify(api)).toBe('{}');
    expect(api.tokens).toStrictEqual(tokens);
  });
});
