// Tests how IonAPI.pages follows the links from page to page.

import { IonURLError } from '../../lib/errors.js';
import { ion, ION_ORIGIN, useNock } from '../support/nock.js';
import { rejectionOf } from '../support/rejection.js';
import { all, newAPI, tokens } from '../support/scripted-api.js';

useNock();

describe('IonAPI.pages', () => {
  const page = (results: unknown, next: unknown): object => ({
    count: 3,
    next,
    previous: null,
    results,
  });
  const link = (number: number): string => `${ION_ORIGIN}/api/blocks?page=${number}`;

  it('follows the pages to the last one', async () => {
    const next = `${ION_ORIGIN}/api/blocks?date=2026-11-24&page=2`;
    ion({ authorization: `Bearer ${tokens.accessToken}` })
      .get('/api/blocks?date=2026-11-24')
      .reply(200, page([1, 2], next))
      .get('/api/blocks?date=2026-11-24&page=2')
      .reply(200, page([3], null));

    const pages = newAPI().pages('/blocks', { query: { date: '2026-11-24' } });
    await expect(all(pages)).resolves.toStrictEqual([1, 2, 3]);
  });

  it('requests a page only when it is needed', async () => {
    ion()
      .get('/api/blocks')
      .reply(200, page([1, 2], link(2)));

    const items: number[] = [];
    for await (const item of newAPI().pages<number>('/blocks')) {
      items.push(item);
      if (item === 2) break;
    }
    expect(items).toStrictEqual([1, 2]);
  });

  it('accepts empty pages, even the first', async () => {
    ion()
      .get('/api/blocks')
      .reply(200, page([], link(2)))
      .get('/api/blocks?page=2')
      .reply(200, page([], null));

    await expect(all(newAPI().pages('/blocks'))).resolves.toStrictEqual([]);
  });

  it.each([
    'http://evil.example/api/blocks?page=2',
    '//evil.example/api/blocks?page=2',
    'https://127.0.0.1/api/blocks?page=2',
    '/../oauth/authorize',
    'blocks?page=2',
    '',
    `${ION_ORIGIN}/api/blocks?page=${'2'.repeat(200_000)}`,
  ])('does not follow a link elsewhere (%#)', async (next) => {
    ion()
      .get('/api/blocks')
      .reply(200, page([1], next));
    const got: unknown[] = [];
    const error = await rejectionOf(
      (async () => {
        for await (const item of newAPI().pages('/blocks')) got.push(item);
      })(),
    );

    expect(error).toBeInstanceOf(IonURLError);
    expect(got).toStrictEqual([1]);
  });

  it('does not follow a link back to a page that was read before', async () => {
    ion()
      .get('/api/blocks')
      .reply(200, page([1], link(2)))
      .get('/api/blocks?page=2')
      .reply(200, page([2], `${ION_ORIGIN}/api/blocks`));
    const error = await rejectionOf(all(newAPI().pages('/blocks')));

    expect(error).toMatchObject({ code: 'ERR_ION_RESPONSE' });
    expect(String(error)).toContain('a link back to an earlier page');
  });

  it('stops after a thousand pages', async () => {
    let number = 1;
    ion()
      .get(/^\/api\/blocks/)
      .times(1_000)
      .reply(200, () => page([], link((number += 1))));

    expect(await rejectionOf(all(newAPI().pages('/blocks')))).toMatchObject({
      code: 'ERR_ION_RESPONSE',
      message: expect.stringContaining('a link to a page after the first 1000') as string,
    });
    // On a slow machine, a thousand requests can take longer than the usual five seconds.
  }, 60_000);

  it.each([
    '[]',
    '[1]',
    'null',
    '',
    '{"results":[]}',
    '{"next":null}',
    '{"results":{},"next":null}',
    '{"results":[],"next":7}',
  ])('rejects if the response is not a page: %j', async (body) => {
    ion().get('/api/blocks').reply(200, body);
    const error = await rejectionOf(all(newAPI().pages('/blocks')));

    expect(error).toMatchObject({ code: 'ERR_ION_RESPONSE' });
    expect(String(error)).toContain('something that is not a page of a list');
    // Some of Ion's lists, such as the list of sign-ups, have no pages, so the error says to use `get`.
    expect(String(error)).toContain('call get');
  });

  it('rejects if Ion refuses', async () => {
    ion().get('/api/blocks').reply(404, { detail: 'Invalid page.' });

    expect(await rejectionOf(all(newAPI().pages('/blocks')))).toMatchObject({
      code: 'ERR_ION_API',
      detail: 'Invalid page.',
    });
  });
});
