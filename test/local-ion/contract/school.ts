import { allowed, detail, noPermission, notAuthenticated, unknownError } from './responses.js';
import type { Contract } from './contract.js';
import { tokensIn } from './ion.js';
import { unattended } from './provider.js';
import type { HTTPResponse } from './send.js';

interface Announcements {
  readonly count: number;
  readonly next: string | null;
  readonly results: readonly { readonly id: number }[];
}

/** What of the rest of the API an app shows: the schedule and the announcements. */
export function school(the: Contract): void {
  const asked = async (path: string): Promise<HTTPResponse> =>
    the.ion.api((await the.ion.signIn()).access_token, path);

  describe('the schedule', () => {
    it('is open to all, one day a page', async () => {
      const answer = await the.ion.send('/api/schedule');
      expect(answer).toMatchObject({
        status: 200,
        headers: { 'content-type': 'application/json' },
      });
      const page = JSON.parse(answer.text) as Record<string, unknown>;
      expect(Object.keys(page)).toEqual(['count', 'next', 'previous', 'results']);
      expect(page['previous']).toBeNull();
      expect(page['results']).toHaveLength(1);
      expect(page['results']).toEqual([aDay]);
    });

    it('has up to seven days a page', async () => {
      const answer = await the.ion.send('/api/schedule?page_size=3');
      const { results } = JSON.parse(answer.text) as { results: unknown[] };
      expect(results).toEqual([aDay, aDay, aDay]);
    });

    it.each([
      ['99', 7],
      ['0', 1],
      ['x', 1],
    ])('has with page_size=%s %i a page', async (size, count) => {
      const answer = await the.ion.send(`/api/schedule?page_size=${size}`);
      const { results } = JSON.parse(answer.text) as { results: unknown[] };
      expect(results).toHaveLength(count);
    });

    it('of a day is that of the list, by itself', async () => {
      const list = JSON.parse((await the.ion.send('/api/schedule')).text) as { results: object[] };
      const [today] = list.results as { date: string; url: string }[];
      expect(today?.date).toBe('2026-11-24');
      expect(today?.url).toBe(`${the.ion.provider.baseURL}/api/schedule/2026-11-24`);
      const answer = await the.ion.send('/api/schedule/2026-11-24');
      expect(answer.status).toBe(200);
      expect(allowed(answer)).toEqual(['GET', 'HEAD', 'OPTIONS']);
      expect(JSON.parse(answer.text)).toEqual(today);
      const { day_type } = JSON.parse(answer.text) as { day_type: { blocks: object[] } };
      expect(day_type.blocks.length).toBeGreaterThan(0);
      for (const block of day_type.blocks) {
        expect(Object.keys(block)).toEqual(['order', 'name', 'start', 'end']);
      }
    });

    it('carries format= into its URLs', async () => {
      const answer = await the.ion.send('/api/schedule/2026-11-24?format=json');
      expect(JSON.parse(answer.text)).toMatchObject({
        url: `${the.ion.provider.baseURL}/api/schedule/2026-11-24?format=json`,
      });
    });

    it('goes on at its next link', async () => {
      const { baseURL } = the.ion.provider;
      const first = await the.ion.send('/api/schedule');
      expect(JSON.parse(first.text)).toMatchObject({ next: `${baseURL}/api/schedule?page=2` });
      const second = await the.ion.send('/api/schedule?page=2');
      expect(JSON.parse(second.text)).toMatchObject({ previous: `${baseURL}/api/schedule` });
    });

    it('has no page but those', async () => {
      expect(await the.ion.send('/api/schedule?page=999')).toMatchObject(
        detail(404, 'Invalid page.'),
      );
    });

    it.each(['20261124', '2026-W48-2', '2026W482'])(
      'of a day that it knows names the day in the usual way, also for %s',
      async (text) => {
        const answer = await the.ion.send(`/api/schedule/${text}`);
        expect(JSON.parse(answer.text)).toMatchObject({
          url: `${the.ion.provider.baseURL}/api/schedule/2026-11-24`,
          date: '2026-11-24',
        });
      },
    );

    it.each(['2031-07-04', '2031-7-4', '20310704'])(
      'of a day that is not in the calendar repeats what was asked: %s',
      async (text) => {
        const answer = await the.ion.send(`/api/schedule/${text}`);
        expect(answer.status).toBe(200);
        expect(JSON.parse(answer.text)).toEqual({
          url: `${the.ion.provider.baseURL}/api/schedule/${text}`,
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
    ])('of a day that does not exist, %s, is 400', async (text, problem) => {
      expect(await the.ion.send(`/api/schedule/${text}`)).toMatchObject({
        status: 400,
        text: JSON.stringify([`['“${text}” ${problem}']`]),
      });
    });
  });

  describe('the announcements', () => {
    it('are a page of them', async () => {
      const answer = await asked('/api/announcements');
      const page = JSON.parse(answer.text) as { results: object[] };
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

    it('are dated in UTC, to the microsecond', async () => {
      const { results } = JSON.parse((await asked('/api/announcements')).text) as {
        results: { added: string; updated: string }[];
      };
      for (const date of results.flatMap(({ added, updated }) => [added, updated])) {
        // Django leaves a fraction of zero out.
        expect(date).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{6})?Z$/);
      }
    });

    it('are 403 without a token', async () => {
      expect(await the.ion.send('/api/announcements')).toMatchObject(notAuthenticated);
    });

    it('are 50 a page, and go on at the next link until there is none', async () => {
      const first = JSON.parse((await asked('/api/announcements')).text) as Announcements;
      expect(first.results).toHaveLength(50);
      expect(first.next).toBe(`${the.ion.provider.baseURL}/api/announcements?page=2`);
      const second = JSON.parse((await asked('/api/announcements?page=2')).text) as Announcements;
      expect(second).toMatchObject({
        count: first.count,
        next: null,
        previous: `${the.ion.provider.baseURL}/api/announcements`,
      });
      const ids = [...first.results, ...second.results].map(({ id }) => id);
      expect(new Set(ids).size).toBe(first.count);
    });

    it('are each to be had by itself', async () => {
      const { results } = JSON.parse((await asked('/api/announcements')).text) as Announcements;
      const [newest] = results;
      const answer = await asked(`/api/announcements/${newest?.id ?? ''}`);
      expect(answer).toMatchObject({
        status: 200,
        headers: { 'content-type': 'application/json' },
      });
      expect(Object.keys(JSON.parse(answer.text) as object)).toEqual(Object.keys(newest ?? {}));
      expect(JSON.parse(answer.text)).toMatchObject({
        id: newest?.id,
        url: `${the.ion.provider.baseURL}/api/announcements/${newest?.id ?? ''}`,
      });
      expect(await asked('/api/announcements/9999')).toMatchObject(
        detail(404, 'No Announcement matches the given query.'),
      );
    });

    it.each([
      ['POST', '/api/announcements'],
      ['PUT', '/api/announcements/1'],
      ['PATCH', '/api/announcements/1'],
      ['DELETE', '/api/announcements/1'],
    ])('are not written by everybody: %s %s', async (method, path) => {
      const { access_token } = await the.ion.signIn({ as: 'jteacher' });
      expect(await the.ion.api(access_token, path, { method })).toMatchObject(noPermission);
    });

    it('are listed for an application, but a single one is a failure', async () => {
      const { access_token } = tokensIn(
        await the.ion.token({ grant_type: 'client_credentials' }, unattended),
      );
      expect((await the.ion.api(access_token, '/api/announcements')).status).toBe(200);
      expect(await the.ion.api(access_token, '/api/announcements/1')).toMatchObject(unknownError);
    });
  });

  describe('the buses', () => {
    it('are a page of routes, and each by itself', async () => {
      const page = JSON.parse((await asked('/api/bus')).text) as { results: { id: number }[] };
      expect(Object.keys(page)).toEqual(['count', 'next', 'previous', 'results']);
      for (const route of page.results) {
        expect(Object.keys(route)).toEqual(['id', 'route_name', 'space', 'bus_number', 'status']);
        expect(route).toMatchObject({ status: expect.stringMatching(/^[ado]$/) as string });
      }
      const [first] = page.results;
      expect(JSON.parse((await asked(`/api/bus/${first?.id ?? ''}`)).text)).toEqual(first);
      expect(await asked('/api/bus/99999999')).toMatchObject(
        detail(404, 'No Route matches the given query.'),
      );
    });
  });

  describe('the index', () => {
    it('is open to all, and lists every path with a description and an example', async () => {
      const answer = await the.ion.send('/api');
      expect(answer).toMatchObject({
        status: 200,
        headers: { 'content-type': 'application/json' },
      });
      expect(allowed(answer)).toEqual(['GET', 'OPTIONS']);
      const index = JSON.parse(answer.text) as Record<string, Record<string, [string, string]>>;
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
        expect(example).toMatch(new RegExp(`^${the.ion.provider.baseURL}/api/`));
      }
    });
  });

  describe('the word on emergencies', () => {
    it('is open to all', async () => {
      expect(await the.ion.send('/api/emerg')).toMatchObject({
        status: 200,
        headers: { 'content-type': 'application/json' },
        text: '{"status":false,"message":""}',
      });
    });

    it('is had by GET only', async () => {
      for (const method of ['HEAD', 'POST']) {
        expect((await the.ion.send('/api/emerg', { method })).status).toBe(405);
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
