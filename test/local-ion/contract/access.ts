import { UserAgent } from '../../support/user-agent.js';
import {
  allowed,
  detail,
  NOBODY,
  noPermission,
  noSuchPerson,
  notAuthenticated,
} from './responses.js';
import type { Contract } from './contract.js';
import { authorizationOf, Person, query, tokensIn } from './ion.js';
import { confidential, unattended } from './provider.js';
import type { HTTPResponse } from './send.js';

const ok = { status: 200, headers: { 'content-type': 'application/json' } };

/** How a token is given to the API, and what the API answers to who may not. */
export function accessWithTokens(the: Contract): void {
  const withHeader = (authorization: string, path = '/api/profile'): Promise<HTTPResponse> =>
    the.ion.send(path, { headers: { authorization } });

  describe('an access token', () => {
    it.each(['Bearer ', 'bearer ', 'Bearer  '])('is taken after %j', async (scheme) => {
      const { access_token } = await the.ion.signIn();
      expect(await withHeader(`${scheme}${access_token}`)).toMatchObject(ok);
    });

    it('is taken from the query', async () => {
      const { access_token } = await the.ion.signIn();
      expect(await the.ion.send(`/api/profile?${query({ access_token })}`)).toMatchObject(ok);
    });

    it('is taken from a form', async () => {
      const { access_token } = await the.ion.signIn();
      const notAllowed = detail(405, 'Method "POST" not allowed.');
      expect(await the.ion.post('/api/profile', { access_token })).toMatchObject(notAllowed);
      const dead = { access_token: 'none' };
      expect(await the.ion.post('/api/profile', dead)).toMatchObject(notAuthenticated);
    });

    it.each(['Token ', 'OAuth ', 'Basic ', ''])('is not taken after %j', async (scheme) => {
      const { access_token } = await the.ion.signIn();
      expect(await withHeader(`${scheme}${access_token}`)).toMatchObject(notAuthenticated);
    });

    it('in the query does not count beside a bad one in the header', async () => {
      const { access_token } = await the.ion.signIn();
      const answer = await withHeader('Bearer none', `/api/profile?${query({ access_token })}`);
      expect(answer).toMatchObject(notAuthenticated);
    });

    it.each([
      'Bearer ',
      'Bearer',
      `Bearer ${'a'.repeat(30)}`,
      'Bearer a b c',
      `Basic ${Buffer.from('2027jdoe:password').toString('base64')}`,
    ])('that is none (%s) is 403, and no 401', async (authorization) => {
      const answer = await withHeader(authorization);
      expect(answer).toMatchObject(notAuthenticated);
      expect(answer.headers).not.toHaveProperty('www-authenticate');
    });

    it('that is a refresh token is 403', async () => {
      const { refresh_token } = await the.ion.signIn();
      expect(await the.ion.api(refresh_token)).toMatchObject(notAuthenticated);
    });

    it('that is missing is 403, and no 401', async () => {
      const answer = await the.ion.send('/api/profile');
      expect(answer).toMatchObject(notAuthenticated);
      expect(answer.headers).not.toHaveProperty('www-authenticate');
    });

    it.each(['write', 'profile email', 'read write'])(
      'with the scope %j opens the profile like any other',
      async (scope) => {
        const { access_token } = await the.ion.signIn({ request: { scope } });
        expect(await the.ion.api(access_token)).toMatchObject(ok);
      },
    );
  });

  describe('a login at Ion, in the browser', () => {
    it('opens the API, and counts before another person’s token', async () => {
      const { browser } = the.ion.person('2027jdoe');
      await the.ion.code({ as: '2027jdoe' });
      const { access_token } = await the.ion.signIn({ as: 'jteacher' });
      const url = `${the.ion.provider.baseURL}/api/profile`;
      const page = await browser.get(url, {
        accept: 'application/json',
        authorization: `Bearer ${access_token}`,
      });
      expect(JSON.parse(page.text)).toMatchObject({ ion_username: '2027jdoe' });
    });

    it('is not what a token gives: the cookie that comes with an answer opens nothing', async () => {
      const { access_token } = await the.ion.signIn();
      const { headers } = await the.ion.api(access_token);
      const cookies = (headers['set-cookie'] ?? []).map((line) => line.split(';')[0]).join('; ');
      const answer = await the.ion.send('/api/profile', { headers: { cookie: cookies } });
      expect(answer).toMatchObject(notAuthenticated);
    });
  });

  describe('the cookies that come with the API’s answers', () => {
    it('hold nobody’s profile: of two people in one jar, each gets their own', async () => {
      const { baseURL } = the.ion.provider;
      const jar = new UserAgent();
      for (const as of ['2027jdoe', 'jteacher', '2027jdoe']) {
        const { access_token } = await the.ion.signIn({ as });
        const headers = { authorization: `Bearer ${access_token}`, accept: 'application/json' };
        const page = await jar.get(`${baseURL}/api/profile`, headers);
        expect(JSON.parse(page.text)).toMatchObject({ ion_username: as });
      }
      expect([...jar.cookiesFor(baseURL).keys()]).toEqual(
        expect.arrayContaining(['dark-mode-enabled', 'sessionid']),
      );
    });

    const cookiesOf = ({ headers }: HTTPResponse): readonly string[] => headers['set-cookie'] ?? [];
    const namesIn = (answer: HTTPResponse): readonly string[] =>
      cookiesOf(answer).map((line) => line.slice(0, line.indexOf('=')));

    it('are a session for two hours, which no script can read', async () => {
      const { access_token } = await the.ion.signIn();
      const line = cookiesOf(await the.ion.api(access_token)).find((each) =>
        each.startsWith('sessionid='),
      );
      expect(line).toMatch(/^sessionid=[a-z0-9A-Z]{32};/);
      expect(line?.split('; ')).toEqual(
        expect.arrayContaining(['HttpOnly', 'Max-Age=7200', 'Path=/', 'SameSite=Lax']),
      );
    });

    it('are the setting for dark mode for thirty days, which scripts can read', async () => {
      const { access_token } = await the.ion.signIn();
      const line = cookiesOf(await the.ion.api(access_token)).find((each) =>
        each.startsWith('dark-mode'),
      );
      expect(line).toMatch(/^dark-mode-enabled=[01];/);
      expect(line?.split('; ')).toEqual(expect.arrayContaining(['Max-Age=2592000', 'Path=/']));
      expect(line).not.toMatch(/HttpOnly/i);
    });

    it.each([
      ['takes Bearer in this case only', 'bearer '],
      ['does not look into the query', undefined],
    ])('are no session if the token is sent otherwise: Ion %s', async (_why, scheme) => {
      const { access_token } = await the.ion.signIn();
      const answer = scheme
        ? await withHeader(`${scheme}${access_token}`)
        : await the.ion.send(`/api/profile?${query({ access_token })}`);
      expect(answer).toMatchObject(ok);
      expect(namesIn(answer)).toEqual(['dark-mode-enabled']);
    });

    it('come with every path, even one that does not exist', async () => {
      const { access_token } = await the.ion.signIn();
      const answer = await the.ion.api(access_token, '/nowhere');
      expect(answer.status).toBe(404);
      expect([...namesIn(answer)].sort()).toEqual(['dark-mode-enabled', 'sessionid']);
    });

    it('are not a session on a 500', async () => {
      const { access_token } = await the.ion.signIn();
      const request = authorizationOf(confidential, { scope: 'read openid', prompt: 'none' });
      const answer = await the.ion.api(access_token, `/oauth/authorize/?${query(request)}`);
      expect(answer.status).toBe(500);
      expect(namesIn(answer)).toEqual(['dark-mode-enabled']);
    });

    it('do not come with the token of an application', async () => {
      const form = { grant_type: 'client_credentials' };
      const { access_token } = tokensIn(await the.ion.token(form, unattended));
      const answer = await the.ion.api(access_token, '/api/activities');
      expect(answer).toMatchObject(ok);
      expect(answer.headers).not.toHaveProperty('set-cookie');
    });

    it('come to nobody whose token is dead', async () => {
      expect((await the.ion.api('none')).headers).not.toHaveProperty('set-cookie');
    });
  });

  describe('the consent page', () => {
    it('opens to who comes with a token and no login: to Ion, they are the person', async () => {
      const { access_token } = await the.ion.signIn();
      const path = `/oauth/authorize/?${query(authorizationOf())}`;
      const page = await the.ion.api(access_token, path);
      expect(page.status).toBe(200);
      expect(page.text).toContain('name="allow"');
      expect((await the.ion.api('none', path)).headers.location).toMatch(/^\/login/);
    });
  });

  describe('a logout at Ion', () => {
    it('leads to the start page', async () => {
      const answer = await the.ion.send('/logout');
      expect(answer).toMatchObject({ status: 302, headers: { location: '/' } });
    });

    it('by POST needs the CSRF token of a page', async () => {
      expect((await the.ion.post('/logout', {})).status).toBe(403);
    });

    it('ends the login, and no token', async () => {
      const { baseURL } = the.ion.provider;
      const person = new Person(the.ion.provider, 'cbravo');
      const page = await person.authorize(authorizationOf());
      const code = new URL(page.location ?? '').searchParams.get('code') ?? '';
      const tokens = tokensIn(await the.ion.exchange(code));
      await person.browser.get(`${baseURL}/logout`);
      const again = await person.browser.get(
        `${baseURL}/oauth/authorize/?${query(authorizationOf())}`,
      );
      expect(again.location).toContain('/login?next=');
      expect((await the.ion.api(tokens.access_token)).status).toBe(200);
      expect((await the.ion.refresh(tokens.refresh_token)).status).toBe(200);
    });
  });

  describe('the API by other methods', () => {
    it('answers HEAD without a body', async () => {
      const { access_token } = await the.ion.signIn();
      const answer = await the.ion.api(access_token, '/api/profile', { method: 'HEAD' });
      expect(answer).toMatchObject({ ...ok, text: '' });
    });

    it('answers OPTIONS with a description', async () => {
      const { access_token } = await the.ion.signIn();
      const answer = await the.ion.api(access_token, '/api/profile', { method: 'OPTIONS' });
      expect(answer).toMatchObject(ok);
      expect(allowed(answer)).toEqual(['GET', 'HEAD', 'OPTIONS']);
      expect(JSON.parse(answer.text)).toMatchObject({
        name: expect.any(String) as string,
        description: expect.any(String) as string,
        renders: ['application/json', 'text/html'],
        parses: ['application/json', 'application/x-www-form-urlencoded', 'multipart/form-data'],
      });
    });

    it.each(['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND'])(
      'answers %s with 405',
      async (method) => {
        const { access_token } = await the.ion.signIn();
        const answer = await the.ion.api(access_token, '/api/profile', { method });
        expect(answer).toMatchObject(detail(405, `Method "${method}" not allowed.`));
        expect(allowed(answer)).toEqual(['GET', 'HEAD', 'OPTIONS']);
      },
    );

    it('answers OPTIONS from a page of its own origin with nothing', async () => {
      const headers = { origin: the.ion.provider.baseURL };
      for (const path of ['/api/profile', '/oauth/token/']) {
        const answer = await the.ion.send(path, { method: 'OPTIONS', headers });
        expect(answer).toMatchObject({ status: 200, text: '' });
      }
    });

    it('answers who has no token first', async () => {
      expect(await the.ion.send('/api/profile', { method: 'POST' })).toMatchObject(
        notAuthenticated,
      );
    });
  });

  describe('the form of the API’s answers', () => {
    const asked = async (path: string, headers = {}): Promise<HTTPResponse> =>
      the.ion.api((await the.ion.signIn()).access_token, path, { headers });

    it.each(['application/json', '*/*', 'application/*', 'text/plain, */*;q=0.1', undefined])(
      'is JSON for Accept: %s',
      async (accept) => {
        const headers = accept === undefined ? {} : { accept };
        expect(await asked('/api/profile', headers)).toMatchObject(ok);
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
      const answer = await asked(path, headers);
      expect(answer).toMatchObject({
        status: 200,
        headers: { 'content-type': 'text/html; charset=utf-8' },
      });
      expect(answer.text).toContain('2028znunez');
    });

    it('is by the narrowest range, and q is not looked at', async () => {
      const first = { accept: 'text/html;q=0.1, */*' };
      expect((await asked('/api/profile', first)).headers['content-type']).toMatch(/^text\/html/);
      const narrowed = { accept: 'application/json, text/html; level=1' };
      expect((await asked('/api/profile', narrowed)).headers['content-type']).toMatch(
        /^text\/html/,
      );
      const both = { accept: 'text/html, application/json;q=0.1' };
      expect(await asked('/api/profile', both)).toMatchObject(ok);
    });

    it('is JSON for format=json, unless Accept allows none', async () => {
      expect(await asked('/api/profile?format=json')).toMatchObject(ok);
      expect((await asked('/api/profile?format=json', { accept: 'text/html' })).status).toBe(406);
    });

    it.each([
      ['application/json; indent=4', 4],
      ['*/*; indent=2', 2],
      ['application/json; indent=99', 8],
      ['application/json; indent=0', 0],
      ['application/json; indent=x', 0],
    ])('is indented JSON for Accept: %s', async (accept, indent) => {
      const answer = await asked('/api/profile', { accept });
      expect(answer).toMatchObject(ok);
      expect(answer.text).toBe(JSON.stringify(JSON.parse(answer.text), null, indent));
    });

    it('is nothing else: 404 by format, 406 by Accept', async () => {
      expect(await asked('/api/profile?format=xml')).toMatchObject(detail(404, 'Not found.'));
      for (const accept of ['application/xml', 'image/jpeg', 'text/plain']) {
        expect(await asked('/api/profile', { accept })).toMatchObject(
          detail(406, 'Could not satisfy the request Accept header.'),
        );
      }
    });

    it('is 400 in HTML where the query is not well encoded', async () => {
      const answer = await asked('/api/profile?x=%zz');
      expect(answer.status).toBe(400);
      expect(answer.headers['content-type']).toMatch(/^text\/html/);
    });
  });

  describe('somebody else', () => {
    it.each([NOBODY, 'nobody'])('of whom nothing is known, %s, is 404', async (whom) => {
      const { access_token } = await the.ion.signIn();
      expect(await the.ion.api(access_token, `/api/profile/${whom}`)).toMatchObject(noSuchPerson);
    });

    it.each(['6', '2027jdoe', '2027JDoe'])('is found by id and by username: %s', async (whom) => {
      const { access_token } = await the.ion.signIn();
      const answer = await the.ion.api(access_token, `/api/profile/${whom}`);
      expect(answer).toMatchObject(ok);
      expect(JSON.parse(answer.text)).toMatchObject({ id: 6, ion_username: '2027jdoe' });
    });

    it.each(['2020aalum', 'auser', 'aservice'])(
      'is 404 for %s, who is restricted and may see themself only',
      async (as) => {
        const { access_token } = await the.ion.signIn({ as });
        expect(await the.ion.api(access_token, '/api/profile/6')).toMatchObject(noSuchPerson);
        expect(await the.ion.api(access_token, '/api/profile/nobody')).toMatchObject(noSuchPerson);
        expect(await the.ion.api(access_token)).toMatchObject(ok);
        expect(await the.ion.api(access_token, `/api/profile/${as}`)).toMatchObject(ok);
      },
    );

    it('is open to a simple user, who is not restricted', async () => {
      const { access_token } = await the.ion.signIn({ as: 'simple' });
      expect(await the.ion.api(access_token, '/api/profile/6')).toMatchObject(ok);
    });

    it('is 403 without a token, whoever it is', async () => {
      for (const whom of ['6', 'nobody']) {
        expect(await the.ion.send(`/api/profile/${whom}`)).toMatchObject(notAuthenticated);
      }
    });
  });

  describe('what the API has for people that are not restricted', () => {
    it('is 403 for who is, in other words than for a dead token', async () => {
      const { access_token } = await the.ion.signIn({ as: '2020aalum' });
      expect(await the.ion.api(access_token, '/api/announcements')).toMatchObject(noPermission);
      expect(await the.ion.api('none', '/api/announcements')).toMatchObject(notAuthenticated);
    });

    it.each(['/api/announcements', '/api/blocks', '/api/activities', '/api/signups/user'])(
      'is %s to them all the same, with the token in the query',
      async (path) => {
        const { access_token } = await the.ion.signIn({ as: '2020aalum' });
        expect(await the.ion.send(`${path}?${query({ access_token })}`)).toMatchObject(ok);
        expect(await withHeader(`bearer ${access_token}`, path)).toMatchObject(ok);
        expect(await the.ion.api(access_token, path)).toMatchObject(noPermission);
      },
    );
  });
}
