// Tests searches among the local Ion's default people. The contract tests check the query language.

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { getAPI, signIn } from '../requests.js';

let ion: LocalIon;
beforeAll(async () => {
  // The date is fixed because the people's grades depend on the school year.
  ion = await startLocalIon({ now: () => Date.UTC(2026, 10, 25) });
});
afterAll(() => ion.stop());

describe('GET /api/search/<query>', () => {
  const search = async (query: string): Promise<Record<string, unknown>[]> => {
    const { access_token } = await signIn(ion, '2027jdoe');
    const { status, text } = await getAPI(ion, `/api/search/${query}`, access_token);
    expect(status).toBe(200);
    return (JSON.parse(text) as { results: Record<string, unknown>[] }).results;
  };
  const searchIDs = async (query: string): Promise<unknown[]> =>
    (await search(query)).map(({ id }) => id);

  it.each<[query: string, ids: number[]]>([
    ['2027j', [6]],
    ['grade:12', [6]],
    ['grade:12 OR type:counselor', [1, 6]],
    ['unknown:x', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['%E5%B0%8F%E6%A2%85', [3]],
    ['jos+teach', [4]],
    ['jos%20teach', [4]],
    ['jos/teach', []],
    ['n%C3%BA', [3]],
    ['a', [1, 2, 3, 4, 5, 6, 7, 8]],
    ['no one', []],
  ])('%s finds %j, ordered by id', async (query, ids) => {
    expect(await searchIDs(query)).toEqual(ids);
  });
});
