// Tests that with two machines, Redis has the secrets only in sealed form, and the machines never print
// them.

import { TokenVault } from 'passport-ion';

import { spellingsOf } from '../../support/log-text.js';
import { PASSWORD } from './redis-server.js';
import { newVisitor, SESSION_SECRET, Site } from './site-on-two-machines.js';

const JANE = '2027jdoe';

let site: Site;

beforeAll(async () => {
  site = await Site.start();
});
afterEach(() => {
  // Whatever happened in the test, both processes must still be running.
  for (const machine of [0, 1]) expect(site.isRunning(machine)).toBe(true);
});

describe('the data in Redis', () => {
  it('contains tokens only in sealed form, and expires', async () => {
    const visitor = newVisitor(JANE);
    const { request } = await site.press(visitor);
    const callback = await site.ion.approve(request, { as: JANE });
    await visitor.browser.follow(callback);
    const contents = await site.redis.contents();
    const vault = new TokenVault(SESSION_SECRET);
    const sealed = [...contents].filter(([key]) => key.startsWith('ion-example:tokens:'));
    const tokens = sealed.map(([, { value }]) => vault.open(value));
    expect(tokens.length).toBeGreaterThan(0);
    const secrets = [
      ...tokens.flatMap(({ accessToken, refreshToken = '' }) => [accessToken, refreshToken]),
      new URL(callback).searchParams.get('code') ?? '',
      site.ion.clientSecret ?? '',
      SESSION_SECRET,
    ];
    for (const secret of secrets) expect(secret.length).toBeGreaterThan(20);
    const everything = [...contents].map(([key, { value }]) => `${key} ${value}`).join('\n');
    expect(everything).toContain('"username":"2027jdoe"');
    for (const spelling of secrets.flatMap(spellingsOf)) expect(everything).not.toContain(spelling);
    for (const [key, { seconds }] of contents) {
      expect(key).toMatch(/^ion-example:(session|tokens):/);
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(24 * 60 * 60);
    }
  });
});

describe('what the machines print', () => {
  it('has no secrets in it', async () => {
    const visitor = await site.signIn(JANE);
    await site.redis.stop();
    await site.bothRespond(503);
    expect((await visitor.browser.get(`${site.url}/today`)).status).toBe(503);
    await site.redis.start();
    await site.bothRespond(200);
    const contents = await site.redis.contents();
    const vault = new TokenVault(SESSION_SECRET);
    const tokens = [...contents.values()]
      .filter(({ value }) => value.startsWith('ion1.'))
      .map(({ value }) => vault.open(value));
    const secrets = [
      PASSWORD,
      SESSION_SECRET,
      site.ion.clientSecret ?? '',
      ...tokens.flatMap(({ accessToken, refreshToken = '' }) => [accessToken, refreshToken]),
    ];
    expect(site.printed).toContain('ERR_STORAGE');
    for (const spelling of secrets.flatMap(spellingsOf)) {
      expect(spelling).not.toBe('');
      expect(site.printed).not.toContain(spelling);
    }
  });
});
