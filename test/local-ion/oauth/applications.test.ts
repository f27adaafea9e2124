// Tests the secrets and redirect URIs of registered applications.

import { authorizationURL, CALLBACK, exchange, post, signIn } from '../requests.js';
import { start } from '../start.js';

describe('startLocalIon without applications', () => {
  it.each([
    'http://localhost:3000/cb',
    'https://localhost/cb',
    'http://127.0.0.1:4567/any/path?and=query',
    'http://127.8.9.10/',
    'http://[::1]:4567/cb',
  ])('accepts the loopback redirect URI %s', async (redirect_uri) => {
    const running = await start();
    const url = authorizationURL(running, { redirect_uri });
    const callback = await running.approve(url, { as: '2027jdoe' });
    expect(new URL(callback).origin).toBe(new URL(redirect_uri).origin);
  });

  it.each([
    'http://example.com/cb',
    'http://notlocalhost:3000/cb',
    // This might not be a loopback address, because some systems look up names under localhost in DNS.
    'http://app.localhost:1/',
    'http://localhost.example.com/cb',
    'http://127.0.0.1.example.com/',
    'http://localhost@example.com/',
    'myapp://localhost/',
    'javascript:alert(1)//localhost',
  ])('refuses the redirect URI %s', async (redirect_uri) => {
    const running = await start();
    const url = authorizationURL(running, { redirect_uri });
    await expect(running.approve(url, { as: '2027jdoe' })).rejects.toMatchObject({
      code: 'ERR_LOCAL_ION_SIGN_IN',
      message: expect.stringMatching(
        /400: Error: invalid_request (Mismatching|Invalid) redirect URI\./,
      ) as string,
    });
  });

  it('requires the redirect URI in the token request, too', async () => {
    const running = await start();
    const callback = await running.approve(authorizationURL(running), { as: '2027jdoe' });
    const code = new URL(callback).searchParams.get('code') ?? '';
    const { clientID: client_id, clientSecret: client_secret = '' } = running;
    const form = { grant_type: 'authorization_code', code, client_id, client_secret };
    const response = await post(`${running.baseURL}/oauth/token/`, form);
    expect(response).toMatchObject({
      status: 400,
      text: '{"error": "invalid_request", "error_description": "Missing redirect URI."}',
    });
  });
});

describe('startLocalIon({ applications })', () => {
  it('registers all applications, and returns the id and secret of the first', async () => {
    const redirectURIs = [CALLBACK];
    const running = await start({
      applications: [
        { clientID: 'open', redirectURIs },
        { clientID: 'closed', clientSecret: 'secret', redirectURIs },
      ],
    });
    expect(running).toMatchObject({ clientID: 'open', clientSecret: undefined });
    await expect(signIn(running, '2027jdoe')).resolves.toMatchObject({ scope: 'read' });
    const closed = { baseURL: running.baseURL, clientID: 'closed', clientSecret: 'secret' };
    const callback = await running.approve(authorizationURL(closed), { as: '2027jdoe' });
    expect((await exchange(closed, callback)).status).toBe(200);
    const again = await running.approve(authorizationURL(closed), { as: '2027jdoe' });
    expect((await exchange({ ...closed, clientSecret: 'Secret' }, again)).status).toBe(401);
  });

  it.each<[registered: string, uri: string, isAccepted: boolean]>([
    [`${CALLBACK}?tab=1`, `${CALLBACK}?tab=1`, true],
    [`${CALLBACK}?tab=1`, `${CALLBACK}?more=2&tab=1`, true],
    [`${CALLBACK}?tab=1`, `${CALLBACK}?tab=2`, false],
    [`${CALLBACK}?tab=1`, `${CALLBACK}?bat=1`, false],
    [`${CALLBACK}?tab=1`, CALLBACK, false],
    ['http://localhost/cb', 'http://localhost/cb;x=y', true],
    ['http://localhost/a', 'http://localhost/a;x=y/cb', false],
  ])(
    'with %s registered, a request for %s is accepted, as on Ion: %s',
    async (registered, uri, isAccepted) => {
      const running = await start({
        applications: [{ clientID: 'a', redirectURIs: [registered] }],
      });
      const url = authorizationURL(running, { redirect_uri: uri });
      const callback = running.approve(url, { as: '2027jdoe' });
      if (isAccepted) await expect(callback).resolves.toContain('code=');
      else await expect(callback).rejects.toThrow('Mismatching redirect URI.');
    },
  );

  it('copies the redirect URIs: changes to the array have no effect', async () => {
    const redirectURIs = [CALLBACK];
    const running = await start({ applications: [{ clientID: 'open', redirectURIs }] });
    redirectURIs.push('http://localhost:9/');
    const url = authorizationURL(running, { redirect_uri: 'http://localhost:9/' });
    await expect(running.approve(url, { as: '2027jdoe' })).rejects.toThrow('Mismatching');
  });
});
