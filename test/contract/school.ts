import { detail, notAuthenticated } from './answers.js';
import type { Contract } from './contract.js';
import type { Answer } from './wire.js';

/** What of the rest of the API an app shows: the schedule and the announcements. */
export function school(the: Contract): void {
  const asked = async (path: string): Promise<Answer> =>
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

    it('of a day that is in no calendar says so', async () => {
      const answer = await the.ion.send('/api/schedule/2031-07-04');
      expect(JSON.parse(answer.text)).toMatchObject({
        date: '2031-07-04',
        day_type: { name: 'NO SCHOOL<br>', blocks: [] },
      });
    });

    it('of no date is 400', async () => {
      expect((await the.ion.send('/api/schedule/tomorrow')).status).toBe(400);
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

    it('are 403 without a token', async () => {
      expect(await the.ion.send('/api/announcements')).toMatchObject(notAuthenticated);
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
