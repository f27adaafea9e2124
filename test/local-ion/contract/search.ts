import { noPermission, notAuthenticated } from './support/expected-responses.js';
import type { Contract } from './contract.js';
import type { HTTPResponse } from './support/send.js';

interface SearchPage {
  readonly count: number;
  readonly results: readonly Record<string, unknown>[];
}

const BRIEF = ['id', 'url', 'user_type', 'username', 'full_name', 'first_name', 'last_name'];

/** Tests searches for people, and their query language. */
export function searchForPeople(contract: Contract): void {
  const search = async (words: string, as = '2028znunez'): Promise<HTTPResponse> => {
    const { access_token } = await contract.ion.signIn({ as });
    return contract.ion.api(access_token, `/api/search/${encodeURIComponent(words)}`);
  };
  const findPage = async (words: string): Promise<SearchPage> => {
    const response = await search(words);
    expect(response).toMatchObject({
      status: 200,
      headers: { 'content-type': 'application/json' },
    });
    // The cast is safe because the contract tests check the shape of the response.
    return JSON.parse(response.text) as SearchPage;
  };
  const findIDs = async (words: string): Promise<unknown[]> =>
    (await findPage(words)).results.map(({ id }) => id);

  describe('GET /api/search/<query>', () => {
    it('returns a page of people, students with their grade', async () => {
      const page = await findPage('doe');
      expect(Object.keys(page)).toEqual(['count', 'next', 'previous', 'results']);
      expect(page).toMatchObject({ count: 1, results: [{ id: 6, full_name: 'Jane Doe' }] });
      expect(page.results[0]).toMatchObject({
        url: `${contract.ion.provider.baseURL}/api/profile/6`,
        grade: { number: 12, name: 'senior' },
      });
      expect(Object.keys(page.results[0] ?? {})).toEqual([...BRIEF, 'grade']);
      const teachers = await findPage('jteacher');
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
    ])('looks for all words in names and username: %s', async (words, ids) => {
      expect(await findIDs(words)).toEqual(ids);
    });

    it.each<[words: string, ids: number[]]>([
      ['6', [6]],
      ['1234567', [3]],
      ['123456', []],
      ['2028', []],
    ])('with only digits, finds a whole id or student ID: %s', async (words, ids) => {
      expect(await findIDs(words)).toEqual(ids);
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
      ['nick:梅', [3]],
      ['name:zoë', [3]],
      ['name:梅', [3]],
      ['sex:female', [1, 3, 6]],
      ['sex=n', [2]],
      ['studentid:4568', [6]],
      ['id<2', [1, 2]],
      ['type:counselor', [1]],
      ['counselor:bravo', [3]],
      ['administrator:delta', [3]],
    ])('supports operators: %s', async (words, ids) => {
      expect(await findIDs(words)).toEqual(ids);
    });

    it.each(['+', ' ', ' OR '])('without a word, finds everyone else: %j', async (words) => {
      expect(await findIDs(words)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14]);
    });

    it('never finds service accounts', async () => {
      expect(await findIDs('aservice')).toEqual([]);
      expect(await findIDs('11')).toEqual([]);
      expect(await findIDs('auser')).toEqual([12]);
    });

    it('responds with 403 without a token, and to restricted people', async () => {
      expect(await contract.ion.send('/api/search/doe')).toMatchObject(notAuthenticated);
      expect(await search('doe', '2020aalum')).toMatchObject(noPermission);
    });
  });
}
