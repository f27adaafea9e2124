// Tests that one refresh serves every request that needs it, in any number of IonAPIs, even a request that
// Ion refuses only after the refresh.

import type { IonAPI } from '../../lib/api/api.js';
import { IonConnectionError, IonSignInRequiredError } from '../../lib/errors.js';
import { useNock } from '../support/nock.js';
import { rejectionOf } from '../support/rejection.js';
import {
  apiOf,
  NO_CREDENTIALS,
  pair,
  expiringPair,
  expectAccepted,
  expectRefused,
  withAccessToken,
  refreshOf,
  expectRefresh,
  expectRefusedRefresh,
  Store,
  hundred,
  gate,
  useNewStrategies,
} from '../support/scripted-refreshes.js';
import type { Gate } from '../support/scripted-refreshes.js';

useNock();
useNewStrategies();

describe('IonAPI.get, a hundred times at the same time with dead tokens', () => {
  it('refreshes once, and every request succeeds', async () => {
    const paths = hundred((index) => `/schedule/${index}`);
    for (const path of paths) expectRefused(1, path);
    expectRefresh();
    for (const path of paths) expectAccepted(2, path);
    const api = apiOf(pair(1));

    const responses = await Promise.all(paths.map((path) => api.get(path)));
    expect(responses).toStrictEqual(paths.map((path) => ({ path })));
  });

  it('refreshes once if the tokens have expired', async () => {
    expectRefresh();
    expectAccepted(2, '/x', 100);
    const api = apiOf(expiringPair(1));

    await expect(Promise.all(hundred(() => api.get('/x')))).resolves.toHaveLength(100);
  });

  it.each(['dead', 'expired'])('refreshes once for a hundred IonAPIs (%s tokens)', async (how) => {
    const tokens = how === 'dead' ? pair(1) : expiringPair(1);
    if (how === 'dead') expectRefused(1, '/x', 100);
    expectRefresh();
    expectAccepted(2, '/x', 100);
    const apis = hundred(() => apiOf(tokens));
    await Promise.all(apis.map((api) => api.get('/x')));

    for (const api of apis) expect(api.tokens).toMatchObject(pair(2));
  });

  it('refreshes and saves once for a hundred IonAPIs with one store', async () => {
    expectRefused(1, '/x', 100);
    expectRefresh();
    expectAccepted(2, '/x', 100);
    const store = new Store(pair(1));
    await Promise.all(hundred(() => apiOf(store).get('/x')));

    expect(store.saved).toHaveLength(1);
    expect(store.tokens).toMatchObject(pair(2));
  });

  it('loads twice from its store: for the first request, and before the refresh', async () => {
    expectRefused(1, '/x', 100);
    expectRefresh();
    expectAccepted(2, '/x', 100);
    const store = new Store(pair(1));
    const api = apiOf(store);
    await Promise.all(hundred(() => api.get('/x')));

    expect(store.loads).toBe(2);
    expect(store.saved).toHaveLength(1);
  });

  it('saves the tokens to every store if each IonAPI has its own', async () => {
    expectRefused(1, '/x', 100);
    expectRefresh();
    expectAccepted(2, '/x', 100);
    const stores = hundred(() => new Store(pair(1)));
    await Promise.all(stores.map((store) => apiOf(store).get('/x')));

    for (const store of stores) expect(store.saved).toMatchObject([pair(2)]);
  });

  it('refreshes once if Ion refuses the refresh, and every request asks for a sign-in', async () => {
    expectRefused(1, '/x', 100);
    expectRefusedRefresh();
    const apis = hundred(() => apiOf(pair(1)));
    const errors = await Promise.all(apis.map((api) => rejectionOf(api.get('/x'))));

    for (const error of errors) expect(error).toBeInstanceOf(IonSignInRequiredError);
  });

  it('throws in every request if the refresh fails, and tries again the next time', async () => {
    refreshOf(1).replyWithError(new Error('connection reset'));
    const tokens = expiringPair(1);
    const apis = [apiOf(tokens), apiOf(tokens)] as const;
    const errors = await Promise.all(
      hundred((i) => rejectionOf(apis[i % 2 === 0 ? 0 : 1].get('/x'))),
    );

    for (const error of errors) expect(error).toBeInstanceOf(IonConnectionError);
    expectRefresh();
    expectAccepted(2, '/x', 2);
    await expect(Promise.all(apis.map((api) => api.get('/x')))).resolves.toHaveLength(2);
  });

  it('refreshes separately for two people', async () => {
    expectRefresh(1);
    expectRefresh(7);
    expectAccepted(2);
    expectAccepted(8);
    const apis = [apiOf(expiringPair(1)), apiOf(expiringPair(7))] as const;
    await Promise.all(apis.map((api) => api.get('/x')));

    expect(apis[0].tokens).toMatchObject(pair(2));
    expect(apis[1].tokens).toMatchObject(pair(8));
  });
});

describe('IonAPI.get with a response that takes longer than the refresh of another request', () => {
  /**
   * Makes Ion open the gate `arrived` when it gets the request to /slow, and respond once the test opens the
   * gate `slow`.
   */
  function holdSlowRequest(status: number, body: object): { slow: Gate; arrived: Gate } {
    const [slow, arrived] = [gate(), gate()];
    withAccessToken(1)
      .get('/api/slow')
      .reply(async () => {
        arrived.open();
        await slow.opened;
        return [status, body];
      });
    return { slow, arrived };
  }

  /** Sends a request, and makes Ion refuse it only after another request has refreshed the tokens. */
  async function refuseAfterRefresh(slowAPI: IonAPI, fastAPI: IonAPI): Promise<void> {
    const { slow, arrived } = holdSlowRequest(403, NO_CREDENTIALS);
    expectRefused(1, '/fast');
    expectRefresh();
    expectAccepted(2, '/fast');
    expectAccepted(2, '/slow');
    const response = slowAPI.get('/slow');
    await arrived.opened;
    await fastAPI.get('/fast');
    slow.open();

    await expect(response).resolves.toStrictEqual({ path: '/slow' });
  }

  it('uses the new tokens without loading them again, in one IonAPI', async () => {
    const store = new Store(pair(1));
    const api = apiOf(store);

    await refuseAfterRefresh(api, api);
    expect(store.loads).toBe(2);
  });

  it('uses the new tokens, in two IonAPIs', async () => {
    const tokens = pair(1);

    await refuseAfterRefresh(apiOf(tokens), apiOf(tokens));
  });

  it('does not keep another request from refreshing again after a failure', async () => {
    const { slow, arrived } = holdSlowRequest(200, {});
    const late = apiOf(pair(1)).get('/slow');
    await arrived.opened;
    const api = apiOf(pair(1));
    expectRefused(1, '/x', 2);
    refreshOf(1).replyWithError(new Error('connection reset'));
    expect(await rejectionOf(api.get('/x'))).toBeInstanceOf(IonConnectionError);
    expectRefresh();
    expectAccepted(2);

    await expect(api.get('/x')).resolves.toBeDefined();
    slow.open();
    await late;
  });
});

describe('IonAPI.get after a refresh has finished', () => {
  it('refreshes the same tokens again, since their refresh is no longer remembered', async () => {
    expectRefresh();
    expectAccepted(2);
    await apiOf(new Store(expiringPair(1))).get('/x');
    expectRefusedRefresh();

    expect(await rejectionOf(apiOf(expiringPair(1)).get('/x'))).toBeInstanceOf(
      IonSignInRequiredError,
    );
  });
});
