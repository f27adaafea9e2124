import { noPermission, notAuthenticated } from './responses.js';
import type { Contract } from './contract.js';
import type { HTTPResponse } from './send.js';

interface Found {
  readonly count: number;
  readonly results: readonly Record<string, unknown>[];
}

const BRIEF = ['id', 'url', 'user_type', 'username', 'full_name', 'first_name', 'last_name'];

/** The search for people, and its query language. */
export function search(the: Contract): void {
  const ask = async (words: string, as = '2028znunez'): Promise<HTTPResponse> => {
    const { access_token } = await the.ion.signIn({ as });
    return the.ion.api(access_token, `/api/search/${encodeURIComponent(words)}`);
  };
  const found = async (words: string): Promise<Found> => {
    const answer = await ask(words);
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/json' } });
    // The cast: this is what the contract checks.
    return JSON.parse(answer.text) as Found;
  };
  const idsFor = async (words: string): Promise<unknown[]> =>
    (await found(words)).results.map(({ id }) => id);

  describe('a search', () => {
    it('gives a page of people, students with their grade', async () => {
      const page = await found('doe');
      expect(Object.keys(page)).toEqual(['count', 'next', 'previous', 'results']);
      expect(page).toMatchObject({ count: 1, results: [{ id: 6, full_name: 'Jane Doe' }] });
      expect(page.results[0]).toMatchObject({
        url: `${the.ion.provider.baseURL}/api/profile/6`,
        grade: { number: 12, name: 'senior' },
      });
      expect(Object.keys(page.results[0] ?? {})).toEqual([...BRIEF, 'grade']);
      const teachers = await found('jteacher');
      expect(teachers.results.map((each) => Object.keys(each))).toEqual([BRIEF]);
    });

    it.each<[words: string, ids: number[]]>([
      ['DOE', [6]],
      ['jan doe', [6]],
      ['jan+doe', [6]],
      ['jan nobody', []],
      ['小梅', [3]],
      ['028zn', [3]],
      ['*doe*', [6]],
      ['"jane"', [6]],
      ['"jan"', []],
      ['jane OR carmen', [1, 6]],
    ])('looks for every word in the names and the username: %s', async (words, ids) => {
      expect(await idsFor(words)).toEqual(ids);
    });

    it.each<[words: string, ids: number[]]>([
      ['6', [6]],
      ['1234567', [3]],
      ['123456', []],
      ['2028', []],
    ])('of digits alone finds an id or a student ID, whole: %s', async (words, ids) => {
      expect(await idsFor(words)).toEqual(ids);
    });

    it.each<[words: string, ids: number[]]>([
      ['last:Doe', [6]],
      ['last:Jane', []],
      ['first:jan last:doe', [6]],
      ['first:小梅', [3]],
      ['gradyear:2027', [6]],
      ['gradyear>2029', [8, 9, 10]],
      ['gradyear<2027', [6, 7]],
      ['username:JDOE', [6]],
      ['type:counselor', [1]],
      ['counselor:bravo', [3]],
      ['administrator:delta', [3]],
    ])('has operators: %s', async (words, ids) => {
      expect(await idsFor(words)).toEqual(ids);
    });

    it('never finds the account of a service', async () => {
      expect(await idsFor('aservice')).toEqual([]);
      expect(await idsFor('11')).toEqual([]);
      expect(await idsFor('auser')).toEqual([12]);
    });

    it('is 403 without a token, and for restricted people', async () => {
      expect(await the.ion.send('/api/search/doe')).toMatchObject(notAuthenticated);
      expect(await ask('doe', '2020aalum')).toMatchObject(noPermission);
    });
  });
}
