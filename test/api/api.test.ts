// Tests what IonAPI's requests send, and what they return or throw for each response.

import { inspect } from 'node:util';

import { IonAPIError, IonOptionError, IonResponseError } from '../../lib/errors.js';
import { ion, useNock } from '../support/nock.js';
import { rejectionOf } from '../support/rejection.js';
import { all, newAPI, tokens } from '../support/scripted-api.js';

useNock();

describe('IonAPI: a request', () => {
  it('sends the token in a header, and asks for JSON', async () => {
    const badheaders = ['origin', 'content-type'];
    ion({ accept: 'application/json', authorization: `Bearer ${tokens.accessToken}` })
      .get('/api/schedule')
      .reply(function () {
        return [200, { unwanted: badheaders.filter((name) => name in this.req.headers) }];
      });

    await expect(newAPI().get<unknown>('/schedule')).resolves.toStrictEqual({ unwanted: [] });
  });

  it('adds the query to the one in the path', async () => {
    ion()
      .get('/api/x?page=2&date=2026-11-24&full=true&size=7&of=a&of=%C3%A9%26')
      .reply(200, { ok: true });

    const query = {
      date: '2026-11-24',
      full: true,
      size: 7,
      not: undefined,
      nor: null,
      of: ['a', 'é&'],
    };
    await expect(newAPI().get('/x?page=2', { query })).resolves.toStrictEqual({ ok: true });
  });

  it.each([new Date(), {}, [[1]], Symbol(), 1n])(
    'refuses %p in a query or a form',
    async (value) => {
      // Cast to pass an invalid value, as a JavaScript app could.
      const parameters = { since: value as string };
      const api = newAPI();

      for (const request of [
        api.get('/x', { query: parameters }),
        api.post('/x', { form: parameters }),
      ]) {
        const error = await rejectionOf(request);
        expect(error).toBeInstanceOf(IonOptionError);
        expect(error).toMatchObject({ option: 'since' });
      }
    },
  );

  it.each(['post', 'put', 'patch'] as const)('sends JSON with %s', async (method) => {
    const scope = ion({ 'content-type': 'application/json' });
    scope[method]('/api/x', '{"block":1,"name":"Zoë"}').reply(200, { ok: true });

    const json = { block: 1, name: 'Zoë' };
    await expect(newAPI()[method]('/x', { json })).resolves.toStrictEqual({ ok: true });
  });

  it.each(['post', 'put', 'patch'] as const)('sends a form with %s', async (method) => {
    const scope = ion({ 'content-type': 'application/x-www-form-urlencoded' });
    scope[method]('/api/x', 'block=1&name=Zo%C3%AB+O').reply(200, { ok: true });

    const form = { block: 1, name: 'Zoë O', not: undefined };
    await expect(newAPI()[method]('/x', { form })).resolves.toStrictEqual({ ok: true });
  });

  it('can have no body', async () => {
    ion({ 'content-length': '0' }).post('/api/signups/user', '').reply(201, { ok: true });

    await expect(newAPI().post<unknown>('/signups/user')).resolves.toStrictEqual({ ok: true });
  });

  it.each([
    ['null', null],
    ['false', false],
  ])('sends %s as JSON', async (text, json) => {
    ion().put('/api/x', text).reply(200, { ok: true });

    await expect(newAPI().put('/x', { json })).resolves.toStrictEqual({ ok: true });
  });

  it('sends DELETE', async () => {
    ion().delete('/api/announcements/7').reply(204);

    await expect(newAPI().delete('/announcements/7')).resolves.toBeUndefined();
  });

  it('is not sent if it has two bodies, or a body that JSON cannot represent', async () => {
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    const api = newAPI();

    for (const options of [
      { json: {}, form: {} },
      { json: cycle },
      { json: 1n },
      { json: Symbol() },
    ]) {
      expect(await rejectionOf(api.post('/x', options))).toBeInstanceOf(IonOptionError);
    }
  });

  it.each([
    ['a body in place of the options', { block: 7 }, 'block'],
    ['null in place of the options', null, 'options'],
    ['text in place of the options', 'text', 'options'],
    ['a list in place of the options', [], 'options'],
  ])('is not sent if a JavaScript app passes %s', async (_what, given, option) => {
    // Cast to pass an invalid value, as a JavaScript app could.
    const options = given as object;
    const api = newAPI();
    for (const sent of [
      api.get('/x', options),
      api.post('/x', options),
      all(api.pages('/x', options)),
    ]) {
      const error = await rejectionOf(sent);
      expect(error).toBeInstanceOf(IonOptionError);
      expect(error).toMatchObject({ option });
      expect(String(error)).toContain('{ query: … }');
    }
  });
});

describe('IonAPI: a response', () => {
  it.each([200, 201, 204])('is undefined if %i has no body', async (status) => {
    ion().post('/api/x').reply(status);

    await expect(newAPI().post('/x')).resolves.toBeUndefined();
  });

  it('is read as JSON in UTF-8, with any content type', async () => {
    ion().get('/api/x').reply(200, '{"name":"小梅"}', { 'content-type': 'text/html' });

    await expect(newAPI().get('/x')).resolves.toStrictEqual({ name: '小梅' });
  });

  it('throws an error if it is not JSON, and the error does not quote it', async () => {
    ion().get('/api/x').reply(200, '<h1>sesame</h1>');
    const error = await rejectionOf(newAPI().get('/x'));

    expect(error).toBeInstanceOf(IonResponseError);
    expect(error).toMatchObject({ code: 'ERR_ION_NOT_JSON', status: 502 });
    expect(String(error)).toContain(
      'Ion answered 200 to GET /api/x with something that is not JSON: check',
    );
    expect(inspect(error, { depth: Infinity })).not.toContain('sesame');
  });

  it.each([301, 302, 303, 307, 308, 304])(
    'throws an error for the redirect %i, and does not follow it',
    async (status) => {
      ion().get('/api/x').reply(status, '', { location: '/api/y' });
      const error = await rejectionOf(newAPI().get('/x'));

      expect(error).toBeInstanceOf(IonResponseError);
      expect(String(error)).toContain('a redirect, which is never followed');
    },
  );
});

describe('IonAPI: a refusal', () => {
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
  ])("throws IonAPIError with Ion's own words: %i %j", async (status, body, detail, advice) => {
    // Cast because nock can send any JSON, but its types allow only objects.
    ion()
      .get('/api/x')
      .reply(status, body as object);
    const error = await rejectionOf(newAPI().get('/x'));

    expect(error).toBeInstanceOf(IonAPIError);
    expect(error).toMatchObject({ code: 'ERR_ION_API', ionStatus: status });
    const { detail: said, message } = error as IonAPIError;
    expect(said).toStrictEqual(detail);
    expect(message).toContain(`Ion answered ${status} to GET /api/x`);
    expect(message).toContain(advice);
    if (said !== undefined) expect(message).toContain(`(${said})`);
  });

  it.each([
    ['in the form of REST framework', { detail: 'Not found.' }, [{ text: 'Not found.' }]],
    [
      "in Ion's own form",
      { details: ['Full.', 'Locked.'] },
      [{ text: 'Full.' }, { text: 'Locked.' }],
    ],
    ['by field', { block: ['Required.'] }, [{ text: 'Required.', field: 'block' }]],
    ['about no field', { non_field_errors: ['Too late.'] }, [{ text: 'Too late.' }]],
    ['in a bare list', ['Invalid format for date.'], [{ text: 'Invalid format for date.' }]],
    ['as an error', { error: 'You are not an administrator.' }, [expect.anything()]],
  ])('keeps the reasons if Ion sends %s', async (_, body, reasons) => {
    ion().get('/api/x').reply(400, body);

    expect(await rejectionOf(newAPI().get('/x'))).toMatchObject({ reasons });
  });

  it('throws IonResponseError if a proxy asks the app for a password', async () => {
    ion().get('/api/x').reply(407, '', { 'proxy-authenticate': 'Basic' });
    const error = await rejectionOf(newAPI().get('/x'));

    expect(error).toMatchObject({
      name: 'IonResponseError',
      code: 'ERR_ION_RESPONSE',
      status: 502,
    });
    expect((error as Error).message).toContain('no proxy in between');
  });

  it('does not quote it if it repeats a token, or something that looks like one', async () => {
    const repeated = [
      `Bearer ${tokens.accessToken}`,
      `no such token: ${tokens.refreshToken ?? ''}`,
      'the token zzzz0123456789ABCDEFGHIJKLMNOP',
      'x'.repeat(5000),
      'two\nlines',
    ];
    ion().get('/api/x').reply(400, { detail: 'Nothing doing.', details: repeated });
    const error = await rejectionOf(newAPI().get('/x'));

    expect(error).toMatchObject({ detail: 'Nothing doing.' });
    expect(inspect(error, { depth: Infinity, showHidden: true })).not.toMatch(
      /aaaa|rrrr|zzzz|xxxx/,
    );
  });

  it('names the start of a long path, without its query', async () => {
    const path = `/search/${'x'.repeat(5000)}`;
    ion().get(`/api${path}`).query({ q: 'y' }).reply(400, {});
    const { message } = (await rejectionOf(
      newAPI().get(path, { query: { q: 'y' } }),
    )) as IonAPIError;

    expect(message).toMatch(/^Ion answered 400 to GET \/api\/search\/x{88}: correct/);
  });

  it('keeps at most ten reasons', async () => {
    const details = Array.from({ length: 50 }, (_, i) => `reason ${i}`);
    ion().get('/api/x').reply(400, { details });
    const error = (await rejectionOf(newAPI().get('/x'))) as IonAPIError;

    expect(error.reasons).toHaveLength(10);
    expect(error.detail?.split('; ')).toHaveLength(10);
  });
});

describe('IonAPI: in a log', () => {
  it('shows no token', async () => {
    ion().get('/api/schedule').reply(200, {});
    const api = newAPI();
    await api.get('/schedule');

    expect(inspect(api, { depth: Infinity, showHidden: true })).not.toMatch(/aaaa|rrrr/);
    expect(JSON.stringify(api)).toBe('{}');
    expect(api.tokens).toStrictEqual(tokens);
  });
});
