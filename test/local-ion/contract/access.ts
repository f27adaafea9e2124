import { UserAgent } from '../../support/user-agent.js';
import {
  allowed,
  detail,
  NOBODY,
  noPermission,
  noSuchPerson,
  notAuthenticated,
} from './expected-responses.js';
import type { Contract } from './contract.js';
import { authorizationOf, Person, query, tokensIn } from './provider-client.js';
import { confidential, unattended } from './provider.js';
import type { HTTPResponse } from './send.js';

const ok = { status: 200, headers: { 'content-type': 'application/json' } };

/** How clients send a token to the API, and what the API responds to requests without permission. */
export function accessWithTokens(contract: Contract): void {
  const withHeader = (authorization: string, path = '/api/profile'): Promise<HTTPResponse> =>
    contract.ion.send(path, { headers: { authorization } });

  describe('an access token sent to the API', () => {
    it.each(['Bearer ', 'bearer ', 'Bearer  '])('is accepted after %j', async (scheme) => {
      const { access_token } = await contract.ion.signIn();
      expect(await withHeader(`${scheme}${access_token}`)).toMatchObject(ok);
    });

    it('is accepted in the query', async () => {
      const { access_token } = await contract.ion.signIn();
      expect(await contract.ion.send(`/api/profile?${query({ access_token })}`)).toMatchObject(ok);
    });

    it('is accepted in a form', async () => {
      const { access_token } = await contract.ion.signIn();
      const notAllowed = detail(405, 'Method "POST" not allowed.');
      expect(await contract.ion.post('/api/profile', { access_token })).toMatchObject(notAllowed);
      const dead = { access_token: 'none' };
      expect(await contract.ion.post('/api/profile', dead)).toMatchObject(notAuthenticated);
    });

    it.each(['Token ', 'OAuth ', 'Basic ', ''])('is not accepted after %j', async (scheme) => {
      const { access_token } = await contract.ion.signIn();
      expect(await withHeader(`${scheme}${access_token}`)).toMatchObject(notAuthenticated);
    });

    it('is ignored in the query if there is an invalid one in the header', async () => {
      const { access_token } = await contract.ion.signIn();
      const response = await withHeader('Bearer none', `/api/profile?${query({ access_token })}`);
      expect(response).toMatchObject(notAuthenticated);
    });

    it.each([
      'Bearer ',
      'Bearer',
      `Bearer ${'a'.repeat(30)}`,
      'Bearer a b c',
      `Basic ${Buffer.from('2027jdoe:password').toString('base64')}`,
    ])('gets a 403, not a 401, if it is invalid: %s', async (authorization) => {
      const response = await withHeader(authorization);
      expect(response).toMatchObject(notAuthenticated);
      expect(response.headers).not.toHaveProperty('www-authenticate');
    });

    it('gets a 403 if it is a refresh token', async () => {
      const { refresh_token } = await contract.ion.signIn();
      expect(await contract.ion.api(refresh_token)).toMatchObject(notAuthenticated);
    });

    it('gets a 403, not a 401, if it is missing', async () => {
      const response = await contract.ion.send('/api/profile');
      expect(response).toMatchObject(notAuthenticated);
      expect(response.headers).not.toHaveProperty('www-authenticate');
    });

    it.each(['write', 'profile email', 'read write'])(
      'with the scope %j may read the profile like any other',
      async (scope) => {
        const { access_token } = await contract.ion.signIn({ request: { scope } });
        expect(await contract.ion.api(access_token)).toMatchObject(ok);
      },
    );
  });

  describe('a login at Ion, in the browser', () => {
    it('is accepted by the API, and takes precedence over the token of another person', async () => {
      const { browser } = contract.ion.person('2027jdoe');
      await contract.ion.code({ as: '2027jdoe' });
      const { access_token } = await contract.ion.signIn({ as: 'jteacher' });
      const url = `${contract.ion.provider.baseURL}/api/profile`;
      const page = await browser.get(url, {
        accept: 'application/json',
        authorization: `Bearer ${access_token}`,
      });
      expect(JSON.parse(page.text)).toMatchObject({ ion_username: '2027jdoe' });
    });

    it('does not come from a token: the cookie in a response to a token is not accepted', async () => {
      const { access_token } = await contract.ion.signIn();
      const { headers } = await contract.ion.api(access_token);
      const cookies = (headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
      const response = await contract.ion.send('/api/profile', { headers: { cookie: cookies } });
      expect(response).toMatchObject(notAuthenticated);
    });
  });

  describe('the cookies in responses to a token', () => {
    it('do not mix people up: two of them in one cookie jar each get their own profile', async () => {
      const { baseURL } = contract.ion.provider;
      const jar = new UserAgent();
      for (const as of ['2027jdoe', 'jteacher', '2027jdoe']) {
        const { access_token } = await contract.ion.signIn({ as });
        const headers = { authorization: `Bearer ${access_token}`, accept: 'application/json' };
        const page = await jar.get(`${baseURL}/api/profile`, headers);
        expect(JSON.parse(page.text)).toMatchObject({ ion_username: as });
      }
      expect([...jar.cookiesFor(baseURL).keys()]).toEqual(
        expect.arrayContaining(['dark-mode-enabled', 'sessionid']),
      );
    });

    const cookiesOf = ({ headers }: HTTPResponse): readonly string[] => headers['set-cookie'] ?? [];
    const namesIn = (response: HTTPResponse): readonly string[] =>
      cookiesOf(response).map((line) => line.slice(0, line.indexOf('=')));

    it('are sessionid, for two hours and HttpOnly', async () => {
      const { access_token } = await contract.ion.signIn();
      const line = cookiesOf(await contract.ion.api(access_token)).find((each) =>
        each.startsWith('sessionid='),
      );
      expect(line).toMatch(/^sessionid=[a-z0-9A-Z]{32};/);
      expect(line?.split('; ')).toEqual(
        expect.arrayContaining(['HttpOnly', 'Max-Age=7200', 'Path=/', 'SameSite=Lax']),
      );
    });

    it('are dark-mode-enabled, for thirty days and not HttpOnly', async () => {
      const { access_token } = await contract.ion.signIn();
      const line = cookiesOf(await contract.ion.api(access_token)).find((each) =>
        each.startsWith('dark-mode'),
      );
      expect(line).toMatch(/^dark-mode-enabled=[01];/);
      expect(line?.split('; ')).toEqual(expect.arrayContaining(['Max-Age=2592000', 'Path=/']));
      expect(line).not.toMatch(/HttpOnly/i);
    });

    it.each([
      ['after bearer in lower case', 'bearer '],
      ['in the query', undefined],
    ])('do not include sessionid if the token is sent %s', async (_how, scheme) => {
      const { access_token } = await contract.ion.signIn();
      const response = scheme
        ? await withHeader(`${scheme}${access_token}`)
        : await contract.ion.send(`/api/profile?${query({ access_token })}`);
      expect(response).toMatchObject(ok);
      expect(namesIn(response)).toEqual(['dark-mode-enabled']);
    });

    it('are set on every path, even one that does not exist', async () => {
      const { access_token } = await contract.ion.signIn();
      const response = await contract.ion.api(access_token, '/nowhere');
      expect(response.status).toBe(404);
      expect([...namesIn(response)].sort()).toEqual(['dark-mode-enabled', 'sessionid']);
    });

    it('do not include sessionid on a 500', async () => {
      const { access_token } = await contract.ion.signIn();
      const request = authorizationOf(confidential, { scope: 'read openid', prompt: 'none' });
      const response = await contract.ion.api(access_token, `/oauth/authorize/?${query(request)}`);
      expect(response.status).toBe(500);
      expect(namesIn(response)).toEqual(['dark-mode-enabled']);
    });

    it('are not set for the token of an application', async () => {
      const form = { grant_type: 'client_credentials' };
      const { access_token } = tokensIn(await contract.ion.token(form, unattended));
      const response = await contract.ion.api(access_token, '/api/activities');
      expect(response).toMatchObject(ok);
      expect(response.headers).not.toHaveProperty('set-cookie');
    });

    it('are not set for an invalid token', async () => {
      expect((await contract.ion.api('none')).headers).not.toHaveProperty('set-cookie');
    });
  });

  describe('the consent page', () => {
    it('is shown without a login if the request has a token in its header', async () => {
      const { access_token } = await contract.ion.signIn();
      const path = `/oauth/authorize/?${query(authorizationOf())}`;
      const page = await contract.ion.api(access_token, path);
      expect(page.status).toBe(200);
      expect(page.text).toContain('name="allow"');
      expect((await contract.ion.api('none', path)).headers.location).toMatch(/^\/login/);
    });
  });

  describe('/logout', () => {
    it('redirects to the start page', async () => {
      const response = await contract.ion.send('/logout');
      expect(response).toMatchObject({ status: 302, headers: { location: '/' } });
    });

    it('requires a CSRF token for POST', async () => {
      expect((await contract.ion.post('/logout', {})).status).toBe(403);
    });

    it('ends the login, but leaves tokens valid', async () => {
      const { baseURL } = contract.ion.provider;
      const person = new Person(contract.ion.provider, 'cbravo');
      const page = await person.authorize(authorizationOf());
      const code = new URL(page.location ?? '').searchParams.get('code') ?? '';
      const tokens = tokensIn(await contract.ion.exchange(code));
      await person.browser.get(`${baseURL}/logout`);
      const again = await person.browser.get(
        `${baseURL}/oauth/authorize/?${query(authorizationOf())}`,
      );
      expect(again.location).toContain('/login?next=');
      expect((await contract.ion.api(tokens.access_token)).status).toBe(200);
      expect((await contract.ion.refresh(tokens.refresh_token)).status).toBe(200);
    });
  });

  describe('the API, for other methods than GET', () => {
    it('responds to HEAD without a body', async () => {
      const { access_token } = await contract.ion.signIn();
      const response = await contract.ion.api(access_token, '/api/profile', { method: 'HEAD' });
      expect(response).toMatchObject({ ...ok, text: '' });
    });

    it('responds to OPTIONS with a description', async () => {
      const { access_token } = await contract.ion.signIn();
      const response = await contract.ion.api(access_token, '/api/profile', { method: 'OPTIONS' });
      expect(response).toMatchObject(ok);
      expect(allowed(response)).toEqual(['GET', 'HEAD', 'OPTIONS']);
      expect(JSON.parse(response.text)).toMatchObject({
        name: expect.any(String) as string,
        description: expect.any(String) as string,
        renders: ['application/json', 'text/html'],
        parses: ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'],
      });
    });

    it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'])(
      'responds to %s with 405',
      async (method) => {
        const { access_token } = await contract.ion.signIn();
        const response = await contract.ion.api(access_token, '/api/profile', { method });
        expect(response).toMatchObject(detail(405, `Method "${method}" not allowed.`));
        expect(allowed(response)).toEqual(['GET', 'HEAD', 'OPTIONS']);
      },
    );

    it('responds to OPTIONS with its own Origin with an empty 200', async () => {
      const headers = { origin: contract.ion.provider.baseURL };
      for (const path of ['/api/profile', '/oauth/token/']) {
        const response = await contract.ion.send(path, { method: 'OPTIONS', headers });
        expect(response).toMatchObject({ status: 200, text: '' });
      }
    });

    it('checks the token before the method', async () => {
      expect(await contract.ion.send('/api/profile', { method: 'POST' })).toMatchObject(
        notAuthenticated,
      );
    });
  });

  describe('the content type of the API', () => {
    const get = async (path: string, headers = {}): Promise<HTTPResponse> =>
      contract.ion.api((await contract.ion.signIn()).access_token, path, { headers });

    it.each(['application/json', '*/*', 'application/*', 'text/plain, */*;q=0.1', undefined])(
      'is JSON for Accept: %s',
      async (accept) => {
        const headers = accept === undefined ? {} : { accept };
        expect(await get('/api/profile', headers)).toMatchObject(ok);
      },
    );

    it.each([
      ['/api/profile', { accept: 'text/html' }],
      [
        '/api/profile',
        { accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' },
      ],
      ['/api/profile?format=api', {}],
    ])('is a web page for %s with %j', async (path, headers) => {
      const response = await get(path, headers);
      expect(response).toMatchObject({
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
      });
      expect(response.text).toContain('2028znunez');
    });

    it('follows the most specific range in Accept, and ignores q', async () => {
      const first = { accept: 'text/html;q=0.1, */*' };
      expect((await get('/api/profile', first)).headers['content-type']).toMatch(/^text\/html/);
      const narrowed = { accept: 'application/json, text/html; level=1' };
      expect((await get('/api/profile', narrowed)).headers['content-type']).toMatch(/^text\/html/);
      const both = { accept: 'text/html, application/json;q=0.1' };
      expect(await get('/api/profile', both)).toMatchObject(ok);
    });

    it('is JSON for format=json, or 406 if Accept does not allow JSON', async () => {
      expect(await get('/api/profile?format=json')).toMatchObject(ok);
      expect((await get('/api/profile?format=json', { accept: 'text/html' })).status).toBe(406);
    });

    it.each([
      ['application/json; indent=4', 4],
      ['*/*; indent=2', 2],
      ['application/json; indent=99', 8],
      ['application/json; indent=0', 0],
      ['application/json; indent=x', 0],
    ])('is indented JSON for Accept: %s', async (accept, indent) => {
      const response = await get('/api/profile', { accept });
      expect(response).toMatchObject(ok);
      expect(response.text).toBe(JSON.stringify(JSON.parse(response.text), null, indent));
    });

    it('is nothing else: other formats are 404, other Accept headers 406', async () => {
      expect(await get('/api/profile?format=xml')).toMatchObject(detail(404, 'Not found.'));
      for (const accept of ['application/xml', 'image/jpeg', 'text/plain']) {
        expect(await get('/api/profile', { accept })).toMatchObject(
          detail(406, 'Could not satisfy the request Accept header.'),
        );
      }
    });

    it('is HTML with 400 for a query with broken percent-encoding', async () => {
      const response = await get('/api/profile?x=%zz');
      expect(response.status).toBe(400);
      expect(response.headers['content-type']).toMatch(/^text\/html/);
    });
  });

  describe('the profile of somebody else', () => {
    it.each([NOBODY, 'nobody'])('is 404 if there is no such person: %s', async (whom) => {
      const { access_token } = await contract.ion.signIn();
      expect(await contract.ion.api(access_token, `/api/profile/${whom}`)).toMatchObject(
        noSuchPerson,
      );
    });

    it.each(['6', '2027jdoe', '2027JDoe'])('is found by id and by username: %s', async (whom) => {
      const { access_token } = await contract.ion.signIn();
      const response = await contract.ion.api(access_token, `/api/profile/${whom}`);
      expect(response).toMatchObject(ok);
      expect(JSON.parse(response.text)).toMatchObject({ id: 6, ion_username: '2027jdoe' });
    });

    it.each(['2020aalum', 'auser', 'aservice'])(
      'is 404 for %s, who is restricted to their own profile',
      async (as) => {
        const { access_token } = await contract.ion.signIn({ as });
        expect(await contract.ion.api(access_token, '/api/profile/6')).toMatchObject(noSuchPerson);
        expect(await contract.ion.api(access_token, '/api/profile/nobody')).toMatchObject(
          noSuchPerson,
        );
        expect(await contract.ion.api(access_token)).toMatchObject(ok);
        expect(await contract.ion.api(access_token, `/api/profile/${as}`)).toMatchObject(ok);
      },
    );

    it('is visible to a simple_user, who is not restricted', async () => {
      const { access_token } = await contract.ion.signIn({ as: 'simple' });
      expect(await contract.ion.api(access_token, '/api/profile/6')).toMatchObject(ok);
    });

    it('is 403 without a token, whether the person exists or not', async () => {
      for (const whom of ['6', 'nobody']) {
        expect(await contract.ion.send(`/api/profile/${whom}`)).toMatchObject(notAuthenticated);
      }
    });
  });

  describe('the API, for restricted people', () => {
    it('responds with 403, with another text than for an invalid token', async () => {
      const { access_token } = await contract.ion.signIn({ as: '2020aalum' });
      expect(await contract.ion.api(access_token, '/api/announcements')).toMatchObject(
        noPermission,
      );
      expect(await contract.ion.api('none', '/api/announcements')).toMatchObject(notAuthenticated);
    });

    it.each(['/api/announcements', '/api/blocks', '/api/activities', '/api/signups/user'])(
      'lets them read %s all the same, with the token in the query',
      async (path) => {
        const { access_token } = await contract.ion.signIn({ as: '2020aalum' });
        expect(await contract.ion.send(`${path}?${query({ access_token })}`)).toMatchObject(ok);
        expect(await withHeader(`bearer ${access_token}`, path)).toMatchObject(ok);
        expect(await contract.ion.api(access_token, path)).toMatchObject(noPermission);
      },
    );
  });
}
