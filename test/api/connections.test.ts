// IonAPI over real connections: one that Ion has closed, and one with a thousand requests.

import type { IonAPI } from '../../lib/api/api.js';
import { json, startScriptedIon } from '../support/scripted-ion.js';
import type { Script, ScriptedIon } from '../support/scripted-ion.js';
import { strategyAt } from '../support/strategy-at.js';

let ion: ScriptedIon;
let script: Script;

beforeEach(async () => {
  script = () => json({ ok: true });
  ion = await startScriptedIon((seen) => script(seen));
});

afterEach(() => ion.stop());

function newAPI(): IonAPI {
  return strategyAt(ion.origin).api({ accessToken: 'a', tokenType: 'Bearer', scope: [] });
}

/** How many requests reach Ion, which hangs up at the first. */
async function countRequests(send: (api: IonAPI) => Promise<unknown>): Promise<number> {
  const api = newAPI();
  await api.get('/first');
  let hungUp = false;
  script = () => {
    if (hungUp) return json({ ok: true });
    hungUp = true;
    return 'hang up';
  };
  await send(api);
  return ion.seen.length - 1;
}

describe('IonAPI: a kept connection that Ion has closed', () => {
  it.each(['get', 'put', 'delete'] as const)('%s is sent again', async (method) => {
    await expect(countRequests((api) => api[method]('/x'))).resolves.toBe(2);
  });

  it.each(['post', 'patch'] as const)('%s is never sent twice', async (method) => {
    const sent = countRequests((api) => api[method]('/x').catch((error: unknown) => error));

    await expect(sent).resolves.toBe(1);
  });
});

describe('IonAPI.pages', () => {
  it('stops after a thousand pages', async () => {
    script = () => {
      const next = `${ion.origin}/api/blocks?page=${ion.seen.length + 1}`;
      return json({ count: 0, next, previous: null, results: [] });
    };
    const pages = newAPI().pages('/blocks');

    await expect(pages.next()).rejects.toMatchObject({
      code: 'ERR_ION_RESPONSE',
      message: expect.stringContaining('a link to a page after the first 1000') as string,
    });
    expect(ion.seen).toHaveLength(1000);
    // A thousand requests may take a slow machine longer than the usual five seconds.
  }, 60_000);
});
