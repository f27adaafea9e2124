// An IonAPI for tests in which nock responds to its requests.

import type { IonAPI } from '../../lib/api/api.js';
import type { IonTokens } from '../../lib/tokens.js';
import { ION_ORIGIN } from './nock.js';
import { strategyAt } from './strategy-at.js';

/** The tokens that every {@link newAPI} uses. */
export const tokens: IonTokens = {
  accessToken: 'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa',
  refreshToken: 'rrrrrrrrrrrrrrrrrrrrrrrrrrrrrr',
  tokenType: 'Bearer',
  scope: ['read'],
};

export function newAPI(): IonAPI {
  return strategyAt(ION_ORIGIN).api(tokens);
}

/** Returns all items of a list that comes in pages. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}
