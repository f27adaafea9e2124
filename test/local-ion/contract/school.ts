import {
  allowed,
  detail,
  noPermission,
  notAuthenticated,
  unknownError,
} from './support/expected-responses.js';
import type { Contract } from './contract.js';
import { tokensIn } from './support/provider-client.js';
import { unattended } from './support/applications.js';
import type { HTTPResponse } from './support/send.js';

interface Announcements {
  readonly count: number;
  readonly next: string | null;
  readonly results: readonly { readonly id: number }[];
}

/** Tests the schedule, announcements, buses, emergencies, and the API's index. */
export function school(contract: Contract): void {
  const get = async (path: string): Promise<HTTPResponse> =>
    contract.ion.api((await contract.ion.signIn()).access_token, path);

  describe('GET /api/schedule', () => {
    it('needs no token, and returns one day per page', async () => {
      const response = await contract.ion.send('/api/schedule');
      expect(response).toMatchObject({
        status: 200,
        headers: { 'content-type': 'application/json' },
      });
      const page = JSON.parse(response.text) as Record<string, unknown>;
      expect(Object.keys(page)).toEqual(['count', 'next', 'previous', 'results']);
      expect(page['previous']).toBeNull();
      expect(page['results']).toHaveLength(1);
      expect(page['results']).toEqual([aDay]);
    });

    it('returns several days per page with page_size', async () => {
      const response = await contract.ion.send('/api/schedule?page_size=3');
      const { results } = JSON.parse(response.text) as { results: unknown[] };
      expect(results).toEqual([aDay, aDay, aDay]);
    });

    it.each([
      ['99', 7],
      ['0', 1],
      ['x', 1],
      ['2.5', 1],
    ])('with page_size=%s, returns %i per page', async (size, count) => {
      const response = await contract.ion.send(`/api/schedule?page_size=${size}`);
      const { results } = JSON.parse(response.text) as { results: unknown[] };
      expect(results).toHaveLength(count);
    });

    it('returns the same for a date as in the list', async () => {
      const list = JSON.parse((await contract.ion.send('/api/schedule')).text) as {
        results: object[];
      };
      const [today] = list.results as { date: string; url: string }[];
      expect(today?.date).toBe('2026-11-24');
      expect(today?.url).toBe(`${contract.ion.provider.baseURL}/api/schedule/2026-11-24`);
      const response = await contract.ion.send('/api/schedule/2026-11-24');
      expect(response.status).toBe(200);
      expect(allowed(response)).toEqual(['GET', 'HEAD', 'OPTIONS']);
      expect(JSON.parse(response.text)).toEqual(today);
      const { day_type } = JSON.parse(response.text) as { day_type: { blocks: object[] } };
      expect(day_type.blocks.length).toBeGreaterThan(0);
      for (const block of day_type.blocks) {
        expect(Object.keys(block)).toEqual(['order', 'name', 'start', 'end']);
      }
    });

    it('keeps format= in its URLs', async () => {
      const response = await contract.ion.send('/api/schedule/2026-11-24?format=json');
      expect(JSON.parse(response.text)).toMatchObject({
        url: `${contract.ion.provider.baseURL}/api/schedule/2026-11-24?format=json`,
      });
    });

    it('links to the next and previous pages', async () => {
      const { baseURL } = contract.ion.provider;
      const first = await contract.ion.send('/api/schedule');
      expect(JSON.parse(first.text)).toMatchObject({ next: `${baseURL}/api/schedule?page=2` });
      const second = await contract.ion.send('/api/schedule?page=2');
      expect(JSON.parse(second.text)).toMatchObject({ previous: `${baseURL}/api/schedule` });
    });

    it('keeps the other parameters in its links, sorted by name', async () => {
      const url = `${contract.ion.provider.baseURL}/api/schedule?a=&b=2&b=1`;
      const { text } = await contract.ion.send('/api/schedule?b=2&page=2&b=1&a');
      expect(JSON.parse(text)).toMatchObject({ next: `${url}&page=3`, previous: url });
    });

    it('responds with 404 to a page that does not exist', async () => {
      expect(await contract.ion.send('/api/schedule?page=999')).toMatchObject(
        detail(404, 'Invalid page.'),
      );
    });

    it.each(['20261124', '2026-W48-2', '2026W482'])(
      'accepts %s, and returns the date as YYYY-MM-DD',
      async (text) => {
        const response = await contract.ion.send(`/api/schedule/${text}`);
        expect(JSON.parse(response.text)).toMatchObject({
          url: `${contract.ion.provider.baseURL}/api/schedule/2026-11-24`,
          date: '2026-11-24',
        });
      },
    );

    it.each(['2031-07-04', '2031-7-4', '20310704'])(
      'returns NO SCHOOL for a day that is not in the calendar, and repeats the date as it was sent: %s',
      async (text) => {
        const response = await contract.ion.send(`/api/schedule/${text}`);
        expect(response.status).toBe(200);
        expect(JSON.parse(response.text)).toEqual({
          url: `${contract.ion.provider.baseURL}/api/schedule/${text}`,
          date: text,
          day_type: { name: 'NO SCHOOL<br>', special: false, blocks: [] },
        });
      },
    );

    const noFormat = 'value has an invalid date format. It must be in YYYY-MM-DD format.';
    const noDate = 'value has the correct format (YYYY-MM-DD) but it is an invalid date.';
    it.each([
      ['tomorrow', noFormat],
      ['2026-11', noFormat],
      ['20260230', noFormat],
      ['2026-W54-1', noFormat],
      ['2026-02-30', noDate],
      ['2026-13-1', noDate],
      ['0000-01-01', noDate],
    ])('responds with 400 to the invalid date %s', async (text, problem) => {
      expect(await contract.ion.send(`/api/schedule/${text}`)).toMatchObject({
        status: 400,
        text: JSON.stringify([`['“${text}” ${problem}']`]),
      });
    });

    it.each([
      ["o'clock", `["“o'clock” ${noFormat}"]`],
      ['"8th"', `['“"8th"” ${noFormat}']`],
      [`"8th" o'clock`, `['“"8th" o\\'clock” ${noFormat}']`],
      ['8\\9', `['“8\\\\9” ${noFormat}']`],
    ])('quotes the invalid date %s as Python does', async (text, quoted) => {
      const path = `/api/schedule/${encodeURIComponent(text)}`;
      expect(await contract.ion.send(path)).toMatchObject({
        status: 400,
        text: JSON.stringify([quoted]),
      });
    });
  });

  describe('GET /api/announcements', () => {
    it('returns a page of announcements', async () => {
      const response = await get('/api/announcements');
      const page = JSON.parse(response.text) as { results: object[] };
      expect(Object.keys(page)).toEqual(['count', 'next', 'previous', 'results']);
      expect(page.results.length).toBeGreaterThan(0);
      for (const announcement of page.results) {
        expect(Object.keys(announcement)).toEqual([
          'url',
          'id',
          'title',
          'content',
          'author',
          'user',
          'added',
          'updated',
          'groups',
          'pinned',
        ]);
      }
    });

    it('has dates in UTC with microseconds', async () => {
      const { results } = JSON.parse((await get('/api/announcements')).text) as {
        results: { added: string; updated: string }[];
      };
      for (const date of results.flatMap(({ added, updated }) => [added, updated])) {
        // Django leaves out the fraction of a second if it is zero.
        expect(date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/);
      }
    });

    it('responds with 403 without a token', async () => {
      expect(await contract.ion.send('/api/announcements')).toMatchObject(notAuthenticated);
    });

    it('returns 50 per page, with a next link until the last page', async () => {
      const first = JSON.parse((await get('/api/announcements')).text) as Announcements;
      expect(first.results).toHaveLength(50);
      expect(first.next).toBe(`${contract.ion.provider.baseURL}/api/announcements?page=2`);
      const second = JSON.parse((await get('/api/announcements?page=2')).text) as Announcements;
      expect(second).toMatchObject({
        count: first.count,
        next: null,
        previous: `${contract.ion.provider.baseURL}/api/announcements`,
      });
      const ids = [...first.results, ...second.results].map(({ id }) => id);
      expect(new Set(ids).size).toBe(first.count);
    });

    it('returns a single announcement by id', async () => {
      const { results } = JSON.parse((await get('/api/announcements')).text) as Announcements;
      const [newest] = results;
      const response = await get(`/api/announcements/${newest?.id ?? ''}`);
      expect(response).toMatchObject({
        status: 200,
        headers: { 'content-type': 'application/json' },
      });
      expect(Object.keys(JSON.parse(response.text) as object)).toEqual(Object.keys(newest ?? {}));
      expect(JSON.parse(response.text)).toMatchObject({
        id: newest?.id,
        url: `${contract.ion.provider.baseURL}/api/announcements/${newest?.id ?? ''}`,
      });
      expect(await get('/api/announcements/9999')).toMatchObject(
        detail(404, 'No Announcement matches the given query.'),
      );
    });

    it.each([
      ['POST', '/api/announcements'],
      ['PUT', '/api/announcements/1'],
      ['PATCH', '/api/announcements/1'],
      ['DELETE', '/api/announcements/1'],
    ])('lets only announcement admins write: %s %s', async (method, path) => {
      const { access_token } = await contract.ion.signIn({ as: 'jteacher' });
      expect(await contract.ion.api(access_token, path, { method })).toMatchObject(noPermission);
    });

    it('returns the list to an application, but fails for a single announcement', async () => {
      const { access_token } = tokensIn(
        await contract.ion.token({ grant_type: 'client_credentials' }, unattended),
      );
      expect((await contract.ion.api(access_token, '/api/announcements')).status).toBe(200);
      expect(await contract.ion.api(access_token, '/api/announcements/1')).toMatchObject(
        unknownError,
      );
    });
  });

  describe('GET /api/bus', () => {
    it('returns a page of routes, and a single route by id', async () => {
      const page = JSON.parse((await get('/api/bus')).text) as { results: { id: number }[] };
      expect(Object.keys(page)).toEqual(['count', 'next', 'previous', 'results']);
      for (const route of page.results) {
        expect(Object.keys(route)).toEqual(['id', 'route_name', 'space', 'bus_number', 'status']);
        expect(route).toMatchObject({ status: expect.stringMatching(/^[ado]$/) as string });
      }
      const [first] = page.results;
      expect(JSON.parse((await get(`/api/bus/${first?.id ?? ''}`)).text)).toEqual(first);
      expect(await get('/api/bus/99999999')).toMatchObject(
        detail(404, 'No Route matches the given query.'),
      );
    });
  });

  describe('GET /api', () => {
    it('needs no token, and lists every path with a description and an example', async () => {
      const response = await contract.ion.send('/api');
      expect(response).toMatchObject({
        status: 200,
        headers: { 'content-type': 'application/json' },
      });
      expect(allowed(response)).toEqual(['GET', 'OPTIONS']);
      const index = JSON.parse(response.text) as Record<string, Record<string, [string, string]>>;
      expect(Object.keys(index)).toEqual([
        'Schedule',
        'Announcements',
        'Emergency Announcements',
        'Profile',
        'Search',
        'Blocks',
        'Activities',
        'Signups',
        'Bus',
      ]);
      expect(index['Signups']).toHaveProperty('/signups/user/favorites');
      for (const [, example] of Object.values(index).flatMap((section) => Object.values(section))) {
        expect(example).toMatch(new RegExp(`^${contract.ion.provider.baseURL}/api/`));
      }
    });
  });

  describe('GET /api/emerg', () => {
    it('needs no token', async () => {
      expect(await contract.ion.send('/api/emerg')).toMatchObject({
        status: 200,
        headers: { 'content-type': 'application/json' },
        text: '{"status":false,"message":""}',
      });
    });

    it('accepts only GET', async () => {
      for (const method of ['HEAD', 'POST']) {
        expect((await contract.ion.send('/api/emerg', { method })).status).toBe(405);
      }
    });
  });
}

const aDay: unknown = {
  url: expect.stringMatching(/\/api\/schedule\/\d{4}-\d\d-\d\d$/) as string,
  date: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
  day_type: {
    name: expect.any(String) as string,
    special: expect.any(Boolean) as boolean,
    blocks: expect.any(Array) as unknown[],
  },
};
