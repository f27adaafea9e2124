// How much a local Ion remembers: enough, and not for ever more.

import { RegisteredApplication } from '../../../lib/local-ion/oauth/applications.js';
import { Directory } from '../../../lib/local-ion/data/directory.js';
import { TokenStore } from '../../../lib/local-ion/oauth/tokens.js';

const application = new RegisteredApplication({ clientID: 'app', clientSecret: 'secret' });
const person = new Directory([{ ion_username: 'one' }]).findOrThrow('one');
const grant = {
  application,
  person,
  redirectURI: 'http://localhost/',
  scope: 'read',
  codeChallenge: '',
  codeChallengeMethod: '',
};

let time: number;
let store: TokenStore;
beforeEach(() => {
  time = 0;
  store = new TokenStore(() => time);
});

describe('codes', () => {
  it('are dropped once over, and the oldest of more than 10,000', () => {
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

describe('tokens', () => {
  const logIn = (): ReturnType<TokenStore['redeemCode']> => store.redeemCode(store.issueCode(grant), grant);

  it('that are over are dropped, but not while their refresh token lives', () => {
    const { access } = store.rotate(logIn().refresh, 'read');
    const lone = store.issueForApplication(application, 'read');
    time += 36_000_000;
    for (let count = 0; count < 1_000; count += 1) store.issueForApplication(application, 'read');
    // Back in time, what was dropped is missing.
    time = 0;
    expect(store.findAccessToken(lone.token)).toBeUndefined();
    expect(store.findAccessToken(access.token)).toBe(access);
  });

  it('that live are never dropped in that way', () => {
    const lone = store.issueForApplication(application, 'read');
    for (let count = 0; count < 2_000; count += 1) store.issueForApplication(application, 'read');
    expect(store.findAccessToken(lone.token)).toBe(lone);
  });

  it('of applications by themselves are dropped where they are the oldest of more than 10,000', () => {
    const lone = (): string => store.issueForApplication(application, 'read').token;
    const [first, second] = [lone(), lone()];
    for (let count = 2; count < 10_001; count += 1) lone();
    expect(store.findAccessToken(first)).toBeUndefined();
    expect(store.findAccessToken(second)).toBeDefined();
  });

  it('of the oldest of more than 10,000 logins end', () => {
    const [first, second] = [logIn(), logIn()];
    for (let count = 2; count < 10_001; count += 1) logIn();
    expect(store.findRefreshToken(first.refresh.token, application)).toBeUndefined();
    expect(store.findAccessToken(first.access.token)).toBeUndefined();
    expect(store.findRefreshToken(second.refresh.token, application)).toBe(second.refresh);
  });
});
