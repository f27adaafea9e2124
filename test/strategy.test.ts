// Tests the constructor of IonStrategy, authenticate if passing on its result throws, and what a log shows.

import { inspect } from 'node:util';

import { Passport } from 'passport';
import OAuth2Strategy from 'passport-oauth2';

import { IonOptionError } from '../lib/errors.js';
import { IonStrategy } from '../lib/strategy.js';
import { ion, ION_ORIGIN, useNock } from './support/nock.js';
import { strategyAt } from './support/strategy-at.js';

useNock();

describe('new IonStrategy', () => {
  const options = { clientID: 'an-id', clientSecret: 'a-secret', callbackURL: '/complete/ion/' };

  it('makes a passport-oauth2 strategy that Passport registers as ion', () => {
    const strategy = new IonStrategy(options, ({ profile }) => ({ id: profile.id }));
    const passport = new Passport();
    passport.use(strategy);
    expect(strategy).toBeInstanceOf(OAuth2Strategy);
    expect(strategy.name).toBe('ion');
    expect(passport).toHaveProperty('_strategies.ion', strategy);
  });

  it('throws IonOptionError if an option cannot work', () => {
    const make = (): unknown =>
      new IonStrategy({ ...options, clientID: undefined }, (_signIn) => false);
    expect(make).toThrow(IonOptionError);
    expect(make).toThrow('clientID');
  });
});

describe('IonStrategy.authenticate, if passing on its result throws', () => {
  const strategy = strategyAt(ION_ORIGIN);
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

describe('IonStrategy in a log', () => {
  it('shows no secret, as text, as data, or at any depth', async () => {
    const strategy = strategyAt(ION_ORIGIN);
    const token = { access_token: 'Access2', token_type: 'Bearer', scope: 'read' };
    ion().post('/oauth/token/').reply(200, token);
    await strategy.refresh({
      accessToken: 'Access1',
      refreshToken: 'Refresh1',
      tokenType: 'Bearer',
      scope: ['read'],
    });
    const shown = [
      inspect(strategy, { depth: Infinity }),
      inspect(strategy, { depth: Infinity, showHidden: true }),
      JSON.stringify(strategy),
    ];

    for (const text of shown) expect(text).not.toMatch(/a-secret|Access\d|Refresh\d/);
  });
});
