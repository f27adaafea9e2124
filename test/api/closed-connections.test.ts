// Tests which requests IonAPI sends again if Ion has closed the connection that they were sent on.

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

/** Makes Ion hang up on the request that `send` sends, and returns how many times Ion receives it. */
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
