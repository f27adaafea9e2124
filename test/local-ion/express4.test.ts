// The local Ion on Express 4. (All other tests have Express 5.)

import { startLocalIon } from 'passport-ion/local-ion';

import { send } from './contract/wire.js';
import { ask, requestTokens, signIn } from './at-ion.js';

jest.mock('express', () => jest.requireActual<object>('express4'));

describe('on Express 4', () => {
  it('really is on Express 4', () => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- as the local Ion loads it
    expect(require('express')).toBe(jest.requireActual('express4'));
  });

  it('signs in, refreshes, and answers by every kind of path', async () => {
    const ion = await startLocalIon();
    const { refresh_token } = await signIn(ion, '2028znunez');
    const refreshed = await requestTokens(ion, { grant_type: 'refresh_token', refresh_token });
    const { access_token } = JSON.parse(refreshed.text) as { access_token: string };
    for (const [path, status] of [
      ['/api/profile', 200],
      ['/api/profile/', 200],
      ['/api/profile/4', 200],
      ['/api/profile/jteacher/picture', 200],
      ['/api/profile/3/picture/junior', 200],
      ['/api/schedule/2026-11-24', 200],
      ['/api/schedule/a/b', 400],
      ['/api/schedule/%zz', 400],
      ['/api/announcements/1', 200],
      ['/oauth/token', 405],
      ['/oauth/token//', 404],
      ['/nowhere', 404],
    ] as const) {
      expect([path, (await ask(ion, path, access_token)).status]).toEqual([path, status]);
    }
    const { text } = await ask(ion, '/api/profile', access_token);
    expect(JSON.parse(text)).toMatchObject({ first_name: 'Zoë' });
    await ion.stop();
  });

  it('adds nothing of Express’s to an answer', async () => {
    const ion = await startLocalIon();
    const { headers } = await send(`${ion.baseURL}/api/emerg`);
    expect(Object.keys(headers).sort()).toEqual([
      'allow',
      'connection',
      'content-length',
      'content-type',
      'date',
      'referrer-policy',
      'vary',
      'x-frame-options',
    ]);
    await ion.stop();
  });
});
