// IonAPI over real connections: one that Ion has closed, and one with a thousand requests.

import type { IonAPI } from '../../lib/api/api.js';
import { RotatingIon } from '../support/rotating-ion.js';
import { strategyAt } from '../support/strategy-at.js';

let ion: RotatingIon;

beforeEach(async () => {
  ion = await new RotatingIon().start();
});

afterEach(() => ion.stop());

function newAPI(): IonAPI {
  return strategyAt(ion.origin).api(ion.tokens);
}

/** Has Ion hang up on the request that `send` sends, and counts how many times Ion receives that request. */
async function countRequests(send: (api: IonAPI) => Promise<unknown>): Promise<number> {
  const api = newAPI();
  await api.get('/first');
  ion.before = () => {
    ion.before = () => undefined;
    return 'hang up';
  };
  await send(api);
  return ion.requests.length - 1;
}

describe('IonAPI on a kept connection that Ion has closed', () => {
  it.each(['get', 'put', 'delete'] as const)('%s sends its request again', async (method) => {
    await expect(countRequests((api) => api[method]('/x'))).resolves.toBe(2);
  });

  it.each(['post', 'patch'] as const)('%s does not send its request twice', async (method) => {
    const sent = countRequests((api) => api[method]('/x').catch((error: unknown) => error));

    await expect(sent).resolves.toBe(1);
  });
});

describe('IonAPI.pages', () => {
  it('stops after a thousand pages', async () => {
    ion.before = () => {
      const next = `${ion.origin}/api/blocks?page=${ion.requests.length + 1}`;
      return [200, { count: 0, next, previous: null, results: [] }];
    };
    const pages = newAPI().pages('/blocks');

    await expect(pages.next()).rejects.toMatchObject({
      code: 'ERR_ION_RESPONSE',
      message: expect.stringContaining('a link to a page after the first 1000') as string,
    });
    expect(ion.requests).toHaveLength(1000);
    // A thousand requests may take a slow machine longer than the usual five seconds.
  }, 60_000);
});
