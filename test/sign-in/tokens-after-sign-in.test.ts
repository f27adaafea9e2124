// Tests refreshing and then revoking the tokens from a sign-in at the local Ion.

import type { IonStrategy } from 'passport-ion';

import { useAppAtLocalIon } from '../support/app-at-local-ion.js';
import { Browser } from '../support/browser.js';

const site = useAppAtLocalIon();

describe('IonStrategy, after a sign-in', () => {
  it('refreshes and revokes the tokens', async () => {
    const kept: Parameters<IonStrategy['refresh']>[0][] = [];
    const { strategy } = await site.start({
      verify: ({ profile, tokens }) => {
        kept.push(tokens);
        return { id: profile.id };
      },
    });
    const browser = new Browser();
    const request = await site.begin(browser);
    await browser.get(await site.ion.approve(request, { as: '2027jdoe' }));
    const [old] = kept;
    if (!old) throw new Error('verify was not called');
    const fresh = await strategy.refresh(old);
    expect(fresh).toMatchObject({ tokenType: 'Bearer', scope: ['read'] });
    expect(fresh.accessToken).not.toBe(old.accessToken);
    expect(fresh.refreshToken).not.toBe(old.refreshToken);
    await expect(strategy.refresh(old)).rejects.toMatchObject({
      code: 'invalid_grant',
      status: 401,
    });
    await strategy.revoke(fresh);
    await expect(strategy.refresh(fresh)).rejects.toMatchObject({ code: 'invalid_grant' });
  });
});
