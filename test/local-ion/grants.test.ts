// How much a local Ion remembers: enough, and not for ever more.

import { RegisteredApplication } from '../../lib/local-ion/oauth/applications.js';
import { Directory } from '../../lib/local-ion/data/directory.js';
import { Grants } from '../../lib/local-ion/oauth/tokens.js';

const application = new RegisteredApplication({ clientID: 'app', clientSecret: 'secret' });
const person = new Directory([{ ion_username: 'one' }]).named('one');
const grant = {
  application,
  person,
  redirectURI: 'http://localhost/',
  scope: 'read',
  codeChallenge: '',
  codeChallengeMethod: '',
};

let time: number;
let grants: Grants;
beforeEach(() => {
  time = 0;
  grants = new Grants(() => time);
});

describe('codes', () => {
  it('are dropped once over, and the oldest of more than 10,000', () => {
    const first = grants.issueCode(grant);
    const second = grants.issueCode(grant);
    for (let count = 2; count < 10_000; count += 1) grants.issueCode(grant);
    expect(grants.codeGrant(first, application)).toBeDefined();
    const last = grants.issueCode(grant);
    expect(grants.codeGrant(first, application)).toBeUndefined();
    expect(grants.codeGrant(second, application)).toBeDefined();
    time += 60_000;
    expect(grants.codeGrant(last, application)).toBeUndefined();
    grants.issueCode(grant);
    time = 0;
    expect(grants.codeGrant(last, application)).toBeUndefined();
  });
});

describe('tokens', () => {
  const logIn = (): ReturnType<Grants['redeem']> => grants.redeem(grants.issueCode(grant), grant);

  it('that are over are dropped, but not while their refresh token lives', () => {
    const { access } = grants.rotate(logIn().refresh, 'read');
    const lone = grants.issueForApplication(application, 'read');
    time += 36_000_000;
    for (let count = 0; count < 1_000; count += 1) grants.issueForApplication(application, 'read');
    // Back in time, what was dropped is missing.
    time = 0;
    expect(grants.accessToken(lone.token)).toBeUndefined();
    expect(grants.accessToken(access.token)).toBe(access);
  });

  it('that live are never dropped in that way', () => {
    const lone = grants.issueForApplication(application, 'read');
    for (let count = 0; count < 2_000; count += 1) grants.issueForApplication(application, 'read');
    expect(grants.accessToken(lone.token)).toBe(lone);
  });

  it('of applications by themselves are dropped where they are the oldest of more than 10,000', () => {
    const lone = (): string => grants.issueForApplication(application, 'read').token;
    const [first, second] = [lone(), lone()];
    for (let count = 2; count < 10_001; count += 1) lone();
    expect(grants.accessToken(first)).toBeUndefined();
    expect(grants.accessToken(second)).toBeDefined();
  });

  it('of the oldest of more than 10,000 logins end', () => {
    const [first, second] = [logIn(), logIn()];
    for (let count = 2; count < 10_001; count += 1) logIn();
    expect(grants.refreshToken(first.refresh.token, application)).toBeUndefined();
    expect(grants.accessToken(first.access.token)).toBeUndefined();
    expect(grants.refreshToken(second.refresh.token, application)).toBe(second.refresh);
  });
});
