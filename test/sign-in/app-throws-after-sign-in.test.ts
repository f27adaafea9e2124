// Tests strategy.authenticate when the app throws after the sign-in.

import type { IonStrategy } from '../../lib/strategy.js';
import { ION_ORIGIN } from '../support/nock.js';
import { strategyAt } from '../support/strategy-at.js';

let strategy: IonStrategy;

beforeEach(() => {
  strategy = strategyAt(ION_ORIGIN);
});

describe('strategy.authenticate, if the app throws after the sign-in', () => {
  const boom = new Error('no database');
  /** Makes a strategy for one request, as Passport does. It fails with `boom` when it calls `redirect`. */
  function actingOn(socket: object, error: () => void): { authenticate: () => void } {
    // A cast below is safe because the strategy uses only these parts of a request.
    const req = {
      headers: { host: 'app.example' },
      url: '/login',
      method: 'GET',
      socket,
      session: {},
    };
    const delegate = Object.assign(Object.create(strategy) as IonStrategy, {
      redirect: () => {
        throw boom;
      },
      error,
    });
    return {
      authenticate: () => {
        delegate.authenticate(req as never);
      },
    };
  }

  it('calls error, in a framework whose requests have no next', async () => {
    const thrown = await new Promise((resolve) => {
      actingOn({}, resolve as () => void).authenticate();
    });
    expect(thrown).toBe(boom);
  });

  it('closes the connection if error throws, too, so that the browser does not wait', async () => {
    const closed = new Promise<void>((resolve) => {
      const socket = {
        destroy: () => {
          resolve();
        },
      };
      actingOn(socket, () => {
        throw boom;
      }).authenticate();
    });
    await expect(closed).resolves.toBeUndefined();
  });
});
