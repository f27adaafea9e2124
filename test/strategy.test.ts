// Tests the constructor of IonStrategy, and what a log shows of a strategy.

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
