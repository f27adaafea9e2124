// Tests how many codes and tokens a local Ion keeps, and when it drops them.

import { RegisteredApplication } from '../../../lib/local-ion/oauth/applications.js';
import { Directory } from '../../../lib/local-ion/data/directory.js';
import { IssuedTokens } from '../../../lib/local-ion/oauth/issued-tokens.js';
import type { TokenPair } from '../../../lib/local-ion/oauth/issued-tokens.js';

const application = new RegisteredApplication({ clientID: 'app', clientSecret: 'secret' });
const person = new Directory([{ ion_username: 'one' }]).findOrThrow('one', String);
const grant = {
  application,
  person,
  redirectURI: 'http://localhost/',
  scope: 'read',
  codeChallenge: '',
  codeChallengeMethod: '',
};

let time: number;
let store: IssuedTokens;
beforeEach(() => {
  time = 0;
  store = new IssuedTokens(() => time);
});

describe('IssuedTokens.issueCode', () => {
  it('drops expired codes, and the oldest code of more than 10,000', () => {
    const first = store.issueCode(grant);
    const second = store.issueCode(grant);
    for (let count = 2; count < 10_000; count += 1) store.issueCode(grant);
    expect(store.findCode(first, application)).toBeDefined();
    const last = store.issueCode(grant);
    expect(store.findCode(first, application)).toBeUndefined();
    expect(store.findCode(second, application)).toBeDefined();
    time += 60_000;
    expect(store.findCode(last, application)).toBeUndefined();
    store.issueCode(grant);
    time = 0;
    expect(store.findCode(last, application)).toBeUndefined();
  });
});

describe('IssuedTokens', () => {
  const signIn = (): TokenPair => store.redeemCode(store.issueCode(grant), grant);

  it('drops expired access tokens, except those whose refresh token is valid', () => {
    const { access } = store.rotate(signIn().refresh, 'read');
    const lone = store.issueForApplication(application, 'read');
    time += 36_000_000;
    for (let count = 0; count < 1_000; count += 1) store.issueForApplication(application, 'read');
    // Turns the clock back, to show that the missing tokens were dropped and have not merely expired.
    time = 0;
    expect(store.findAccessToken(lone.token)).toBeUndefined();
    expect(store.findAccessToken(access.token)).toBe(access);
  });

  it('keeps valid access tokens', () => {
    const lone = store.issueForApplication(application, 'read');
    for (let count = 0; count < 2_000; count += 1) store.issueForApplication(application, 'read');
    expect(store.findAccessToken(lone.token)).toBe(lone);
  });

  it('drops the oldest of more than 10,000 tokens of client_credentials', () => {
    const lone = (): string => store.issueForApplication(application, 'read').token;
    const [first, second] = [lone(), lone()];
    for (let count = 2; count < 10_001; count += 1) lone();
    expect(store.findAccessToken(first)).toBeUndefined();
    expect(store.findAccessToken(second)).toBeDefined();
  });

  it('drops the tokens of the oldest of more than 10,000 sign-ins', () => {
    const [first, second] = [signIn(), signIn()];
    for (let count = 2; count < 10_001; count += 1) signIn();
    expect(store.findRefreshToken(first.refresh.token, application)).toBeUndefined();
    expect(store.findAccessToken(first.access.token)).toBeUndefined();
    expect(store.findRefreshToken(second.refresh.token, application)).toBe(second.refresh);
  });
});
