import { UserAgent } from '../../support/user-agent.js';
import type { Page } from '../../support/user-agent.js';
import type { Contract } from './contract.js';
import { authorizationOf, consentForm, query } from './ion.js';
import type { Parameters } from './ion.js';
import { another, confidential, sanctioned, several } from './provider.js';

const callback = confidential.redirectURIs[0] ?? '';

/** The authorization endpoint and its pages. */
export function authorization(the: Contract): void {
  /** Opens an authorization request of somebody who is logged in. */
  function open(more: Parameters = {}, to = confidential): Promise<Page> {
    return the.ion.person().open(authorizationOf(to, more));
  }

  /** As `open`, by who was logged in before: with prompt=none nobody is asked to. */
  async function openLoggedIn(more: Parameters): Promise<Page> {
    await open();
    return open(more);
  }

  /** Checks that the browser is sent back with these parameters and no others. */
  function expectBack(page: Page, sent: Parameters, to = callback): void {
    expect(page.status).toBe(302);
    expect(page.headers.get('location')).toBe(`${to}?${query(sent)}`);
  }

  describe('an authorization request of who is not logged in', () => {
    it('leads to the login page, and from there back to itself', async () => {
      const request = query(authorizationOf());
      const answer = await the.ion.send(`/oauth/authorize/?${request}`);
      expect(answer.status).toBe(302);
      expect(answer.headers.location).toBe(
        `/login?next=/oauth/authorize/%3F${encodeURIComponent(request)}`,
      );
      const browser = new UserAgent();
      const login = await browser.follow(`${the.ion.provider.baseURL}/oauth/authorize/?${request}`);
      const after = await the.ion.provider.logIn(browser, login, '2027jdoe');
      expect(after.status).toBe(302);
      expect(after.location).toBe(`${the.ion.provider.baseURL}/oauth/authorize/?${request}`);
    });

    it('does so before anything in it is looked at', async () => {
      const answer = await the.ion.send('/oauth/authorize/?client_id=nobody');
      expect(answer.status).toBe(302);
      expect(answer.headers.location).toBe('/login?next=/oauth/authorize/%3Fclient_id%3Dnobody');
    });

    it('is 401 for a script, still with the Location', async () => {
      const headers = { 'x-requested-with': 'XMLHttpRequest' };
      const answer = await the.ion.send('/oauth/authorize/?client_id=nobody', { headers });
      expect(answer).toMatchObject({
        status: 401,
        text: '',
        headers: { location: '/login?next=/oauth/authorize/%3Fclient_id%3Dnobody' },
      });
    });

    it('comes back at once with prompt=none, wherever redirect_uri leads', async () => {
      const redirect_uri = 'https://elsewhere.example/';
      const request = authorizationOf(confidential, { prompt: 'none', redirect_uri });
      const answer = await the.ion.send(`/oauth/authorize/?${query(request)}`);
      expect(answer.status).toBe(302);
      expect(answer.headers.location).toBe(`${redirect_uri}?error=login_required&state=a-state`);
    });
  });

  describe('the consent page', () => {
    it('is shown every time, with two buttons and the whole request', async () => {
      for (const state of ['first', 'second']) {
        const page = await open({ state, code_challenge: 'abc', code_challenge_method: 'plain' });
        expect(page.status).toBe(200);
        expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
        expect(page.headers.get('x-frame-options')).toBe('SAMEORIGIN');
        const { fields, buttons } = consentForm(page);
        expect(Object.keys(fields).sort()).toEqual([
          'claims',
          'client_id',
          'code_challenge',
          'code_challenge_method',
          'csrfmiddlewaretoken',
          'nonce',
          'redirect_uri',
          'response_type',
          'scope',
          'state',
        ]);
        expect(buttons.map(({ label }) => label).sort()).toEqual(['Authorize', 'Cancel']);
        expect(fields).toMatchObject({
          redirect_uri: callback,
          scope: 'read',
          client_id: confidential.clientID,
          state,
          response_type: 'code',
          code_challenge: 'abc',
          code_challenge_method: 'plain',
        });
        await the.ion.person().choose(page, 'Authorize');
      }
    });

    it('names the application', async () => {
      expect((await open()).text).toContain(confidential.name);
      expect((await open({}, another)).text).toContain(another.name);
    });

    it('is not taken from elsewhere: without its CSRF token it is 403', async () => {
      const { baseURL } = the.ion.provider;
      const form = { client_id: confidential.clientID, scope: 'read', allow: 'Authorize' };
      const { browser } = the.ion.person();
      await open();
      const page = await browser.post(`${baseURL}/oauth/authorize/`, form);
      expect(page.status).toBe(403);
    });

    it('is skipped for a sanctioned application', async () => {
      const page = await open({}, sanctioned);
      expect(page.headers.get('location')).toMatch(
        /^https:\/\/app\.example\/complete\/ion\/\?code=[A-Za-z0-9]{30}&state=a-state$/,
      );
    });

    it('is skipped with approval_prompt=auto where a token with these scopes lives', async () => {
      const person = the.ion.person('2029admin');
      const request = (scope: string): Parameters =>
        authorizationOf(several, { scope, approval_prompt: 'auto' });
      expect((await person.open(request('read'))).status).toBe(200);
      const { access_token } = await the.ion.signIn({ as: '2029admin', to: several });
      expect((await person.open(request('read'))).status).toBe(302);
      expect((await person.open(request('read write'))).status).toBe(200);
      expect((await person.open(authorizationOf(several))).status).toBe(200);
      await the.ion.revoke(access_token, {}, several);
      expect((await person.open(request('read'))).status).toBe(200);
    });
  });

  describe('Authorize', () => {
    it('sends back a code and the state', async () => {
      const page = await the.ion.person().authorize(authorizationOf());
      expect(page.status).toBe(302);
      expect(page.headers.get('location')).toMatch(
        /^https:\/\/app\.example\/complete\/ion\/\?code=[A-Za-z0-9]{30}&state=a-state$/,
      );
    });

    it('sends back no state where none was sent', async () => {
      const request = authorizationOf(confidential, { state: undefined });
      const page = await the.ion.person().authorize(request);
      expect(page.headers.get('location')).toMatch(/\?code=[A-Za-z0-9]{30}$/);
    });

    it('sends both back in the fragment with response_mode=fragment', async () => {
      const request = authorizationOf(confidential, { response_mode: 'fragment' });
      const page = await the.ion.person().authorize(request);
      expect(page.headers.get('location')).toMatch(
        /^https:\/\/app\.example\/complete\/ion\/#code=[A-Za-z0-9]{30}&state=a-state$/,
      );
    });

    it('sends the state back as it was, form-encoded', async () => {
      const request = authorizationOf(confidential, { state: 'a b&c=d/é+%' });
      const page = await the.ion.person().authorize(request);
      expect(page.headers.get('location')).toMatch(/&state=a\+b%26c%3Dd%2F%C3%A9%2B%25$/);
    });
  });

  describe('Cancel', () => {
    it('sends back access_denied and the state, and no more', async () => {
      expectBack(await the.ion.person().authorize(authorizationOf(), 'Cancel'), {
        error: 'access_denied',
        state: 'a-state',
      });
    });

    it('sends back no state where none was sent', async () => {
      const request = authorizationOf(confidential, { state: undefined });
      expectBack(await the.ion.person().authorize(request, 'Cancel'), { error: 'access_denied' });
    });
  });

  describe('a request that comes back with an error', () => {
    it.each([
      ['an unknown scope', { scope: 'read lunch' }, { error: 'invalid_scope' }],
      ['scopes joined by commas', { scope: 'read,write' }, { error: 'invalid_scope' }],
      ['an empty scope', { scope: '' }, { error: 'invalid_scope' }],
      [
        'no response_type',
        { response_type: undefined },
        { error: 'invalid_request', error_description: 'Missing response_type parameter.' },
      ],
      ['response_type=token', { response_type: 'token' }, { error: 'unauthorized_client' }],
      ['another response_type', { response_type: 'x' }, { error: 'unsupported_response_type' }],
      [
        'an unknown code_challenge_method',
        { code_challenge: 'a'.repeat(43), code_challenge_method: 'S512' },
        { error: 'invalid_request', error_description: 'Transform algorithm not supported.' },
      ],
    ])('has %s', async (_what, more, error) => {
      expectBack(await open(more), { ...error, state: 'a-state' });
      expectBack(await open({ ...more, state: undefined }), error);
    });
  });

  describe('a request that ends on a page of Ion', () => {
    const page = (problem: string): object => ({
      status: 400,
      text: expect.stringContaining(problem) as string,
      location: undefined,
    });

    it.each([
      ['an unknown client_id', { client_id: 'nobody' }, 'Invalid client_id parameter value.'],
      ['no client_id', { client_id: undefined }, 'Missing client_id parameter.'],
      ['a redirect_uri without its slash', { redirect_uri: callback.slice(0, -1) }],
      ['a redirect_uri of another host', { redirect_uri: 'https://app2.example/complete/ion/' }],
      ['a redirect_uri of another port', { redirect_uri: 'https://app.example:1/complete/ion/' }],
      ['a redirect_uri of another scheme', { redirect_uri: 'http://app.example/complete/ion/' }],
      ['a redirect_uri in upper case', { redirect_uri: 'https://app.example/Complete/ion/' }],
      ['a redirect_uri with more path', { redirect_uri: `${callback}more` }],
      [
        'a redirect_uri that is no URI',
        { redirect_uri: '/complete/ion/' },
        'Invalid redirect URI.',
      ],
      [
        'a redirect_uri with a user in it',
        { redirect_uri: 'https://user@app.example/complete/ion/' },
        'Invalid redirect URI.',
      ],
    ])('has %s', async (_what, more, problem = 'Mismatching redirect URI.') => {
      const shown = await open(more);
      expect(shown).toMatchObject(page(problem));
      expect(shown.text).toContain('invalid_request');
      expect(shown.headers.get('content-type')).toBe('text/html; charset=utf-8');
    });

    it('has no redirect_uri where the application has several', async () => {
      expect(await open({ redirect_uri: undefined }, several)).toMatchObject(
        page('Missing redirect URI.'),
      );
    });

    it.each(['state', 'client_id', 'response_type', 'redirect_uri', 'scope'])(
      'has %s twice',
      async (name) => {
        const request = authorizationOf();
        const twice = `${query(request)}&${query({ [name]: request[name] })}`;
        expect(await the.ion.person().open(twice)).toMatchObject(
          page(`Duplicate ${name} parameter.`),
        );
      },
    );
  });

  describe('the redirect_uri', () => {
    it('may be left out where the application has one', async () => {
      const request = authorizationOf(confidential, { redirect_uri: undefined });
      const page = await the.ion.person().authorize(request);
      expect(page.location).toMatch(/^https:\/\/app\.example\/complete\/ion\/\?code=/);
    });

    it('may have a query of its own, which the code is added to', async () => {
      const request = authorizationOf(confidential, { redirect_uri: `${callback}?tab=1` });
      const page = await the.ion.person().authorize(request);
      expect(page.location).toMatch(
        /^https:\/\/app\.example\/complete\/ion\/\?tab=1&code=[A-Za-z0-9]{30}&state=a-state$/,
      );
    });

    it.each(['http://127.0.0.1:4567/cb', 'http://127.0.0.1/cb', 'http://[::1]:4567/cb'])(
      'may have any port on a loopback address that was registered without one: %s',
      async (redirect_uri) => {
        expect((await open({ redirect_uri }, several)).status).toBe(200);
      },
    );

    it.each([
      'http://localhost:4567/cb',
      'http://127.0.0.1:8001/fixed',
      'http://127.0.0.1:4567/other',
      'https://127.0.0.1:4567/cb',
    ])('may not otherwise differ: %s', async (redirect_uri) => {
      expect((await open({ redirect_uri }, several)).status).toBe(400);
    });
  });

  describe('the rest of the request', () => {
    it('asks for all six scopes where it names none', async () => {
      expect(consentForm(await open({ scope: undefined })).fields['scope']).toBe(
        'read write openid profile email groups',
      );
    });

    it('keeps the order of its scopes', async () => {
      expect(consentForm(await open({ scope: 'write read' })).fields['scope']).toBe('write read');
    });

    it('may hold parameters that mean nothing', async () => {
      expect((await open({ access_type: 'offline', audience: 'api' })).status).toBe(200);
    });

    it('may hold a code_challenge of five characters', async () => {
      const more = { code_challenge: 'abcde', code_challenge_method: 'S256' };
      expect((await open(more)).status).toBe(200);
    });

    it('leads to the login page with prompt=login, whoever is logged in', async () => {
      await open();
      const page = await the.ion
        .person()
        .browser.get(
          `${the.ion.provider.baseURL}/oauth/authorize/?${query(authorizationOf(confidential, { prompt: 'login' }))}`,
        );
      expect(page.status).toBe(302);
      expect(page.headers.get('location')).toBe(
        `/login?next=/oauth/authorize/%3F${encodeURIComponent(query(authorizationOf()))}`,
      );
    });

    it('shows the page with prompt=none, as ever, to who is logged in', async () => {
      expect((await openLoggedIn({ prompt: 'none' })).status).toBe(200);
    });

    it('fails with prompt=none and openid', async () => {
      const page = await openLoggedIn({ prompt: 'none', scope: 'read openid' });
      expect(page.status).toBe(500);
      expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    });

    it('fails with prompt=none and no scope once somebody approves', async () => {
      const page = await openLoggedIn({ prompt: 'none', scope: undefined });
      expect(page.status).toBe(200);
      expect((await the.ion.person().choose(page, 'Authorize')).status).toBe(500);
      expectBack(await the.ion.person().choose(page, 'Cancel'), {
        error: 'access_denied',
        state: 'a-state',
      });
    });
  });
}
