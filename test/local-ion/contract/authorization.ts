import { Browser } from '../../support/browser.js';
import type { Page } from '../../support/browser.js';
import type { Contract } from './contract.js';
import { authorizationOf, consentForm, query } from './support/provider-client.js';
import type { Parameters } from './support/provider-client.js';
import { another, confidential, sanctioned, several, unattended } from './support/applications.js';
import type { HTTPResponse } from './support/send.js';

const callback = confidential.redirectURIs[0] ?? '';

/** Tests the authorization endpoint and its pages. */
export function authorization(contract: Contract): void {
  /** Opens an authorization request as the usual person, who logs in if Ion asks. */
  function open(more: Parameters = {}, to = confidential): Promise<Page> {
    return contract.ion.person().open(authorizationOf(to, more));
  }

  /** Like `open`, but logs the person in first, because Ion shows no login page with prompt=none. */
  async function openLoggedIn(more: Parameters): Promise<Page> {
    await open();
    return open(more);
  }

  /** Checks that Ion redirects to the app with these parameters and no others. */
  function expectRedirect(page: Page, sent: Parameters, to = callback): void {
    expect(page.status).toBe(302);
    expect(page.headers.get('location')).toBe(`${to}?${query(sent)}`);
  }

  describe('an authorization request without a login', () => {
    it('redirects to the login page, and after the login back to itself', async () => {
      const request = query(authorizationOf());
      const response = await contract.ion.send(`/oauth/authorize/?${request}`);
      expect(response.status).toBe(302);
      expect(response.headers.location).toBe(
        `/login?next=/oauth/authorize/%3F${encodeURIComponent(request)}`,
      );
      const browser = new Browser();
      const login = await browser.follow(
        `${contract.ion.provider.baseURL}/oauth/authorize/?${request}`,
      );
      const after = await contract.ion.provider.logIn(browser, login, '2027jdoe');
      expect(after.status).toBe(302);
      expect(after.location).toBe(`${contract.ion.provider.baseURL}/oauth/authorize/?${request}`);
    });

    it('redirects before any parameter is checked', async () => {
      const response = await contract.ion.send('/oauth/authorize/?client_id=nobody');
      expect(response.status).toBe(302);
      expect(response.headers.location).toBe('/login?next=/oauth/authorize/%3Fclient_id%3Dnobody');
    });

    it('is 401 with X-Requested-With, but still has the Location header', async () => {
      const headers = { 'x-requested-with': 'XMLHttpRequest' };
      const response = await contract.ion.send('/oauth/authorize/?client_id=nobody', { headers });
      expect(response).toMatchObject({
        status: 401,
        text: '',
        headers: { location: '/login?next=/oauth/authorize/%3Fclient_id%3Dnobody' },
      });
    });

    it('redirects to any redirect_uri with login_required if there is prompt=none', async () => {
      const redirect_uri = 'https://elsewhere.example/';
      const request = authorizationOf(confidential, { prompt: 'none', redirect_uri });
      const response = await contract.ion.send(`/oauth/authorize/?${query(request)}`);
      expect(response.status).toBe(302);
      expect(response.headers.location).toBe(`${redirect_uri}?error=login_required&state=a-state`);
    });
  });

  describe('the consent page', () => {
    it('is shown every time, with two buttons and the request in hidden fields', async () => {
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
        await contract.ion.person().choose(page, 'Authorize');
      }
    });

    it('names the application', async () => {
      expect((await open()).text).toContain(confidential.name);
      expect((await open({}, another)).text).toContain(another.name);
    });

    it('cannot be submitted without its CSRF token: 403', async () => {
      const { baseURL } = contract.ion.provider;
      const form = { client_id: confidential.clientID, scope: 'read', allow: 'Authorize' };
      const { browser } = contract.ion.person();
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

    it('is skipped with approval_prompt=auto if the person has a valid token with these scopes', async () => {
      const person = contract.ion.person('2029admin');
      const request = (scope: string): Parameters =>
        authorizationOf(several, { scope, approval_prompt: 'auto' });
      expect((await person.open(request('read'))).status).toBe(200);
      const { access_token } = await contract.ion.signIn({ as: '2029admin', to: several });
      expect((await person.open(request('read'))).status).toBe(302);
      expect((await person.open(request('read write'))).status).toBe(200);
      expect((await person.open(authorizationOf(several))).status).toBe(200);
      await contract.ion.revoke(access_token, {}, several);
      expect((await person.open(request('read'))).status).toBe(200);
    });
  });

  describe('the button Authorize', () => {
    it('redirects to the app with a code and the state', async () => {
      const page = await contract.ion.person().authorize(authorizationOf());
      expect(page.status).toBe(302);
      expect(page.headers.get('location')).toMatch(
        /^https:\/\/app\.example\/complete\/ion\/\?code=[A-Za-z0-9]{30}&state=a-state$/,
      );
    });

    it('adds no state if the request has none', async () => {
      const request = authorizationOf(confidential, { state: undefined });
      const page = await contract.ion.person().authorize(request);
      expect(page.headers.get('location')).toMatch(/\?code=[A-Za-z0-9]{30}$/);
    });

    it('puts the code and the state into the fragment with response_mode=fragment', async () => {
      const request = authorizationOf(confidential, { response_mode: 'fragment' });
      const page = await contract.ion.person().authorize(request);
      expect(page.headers.get('location')).toMatch(
        /^https:\/\/app\.example\/complete\/ion\/#code=[A-Za-z0-9]{30}&state=a-state$/,
      );
    });

    it.each([
      ['a b&c=d/é+%', 'a+b%26c%3Dd%2F%C3%A9%2B%25'],
      ["!'()*~", '%21%27%28%29%2A~'],
    ])('returns the same state, form-encoded: %s', async (state, encoded) => {
      const page = await contract.ion.person().authorize(authorizationOf(confidential, { state }));
      expect(page.headers.get('location')?.split('&state=')[1]).toBe(encoded);
    });
  });

  describe('the button Cancel', () => {
    it('redirects to the app with access_denied and the state', async () => {
      expectRedirect(await contract.ion.person().authorize(authorizationOf(), 'Cancel'), {
        error: 'access_denied',
        state: 'a-state',
      });
    });

    it('adds no state if the request has none', async () => {
      const request = authorizationOf(confidential, { state: undefined });
      expectRedirect(await contract.ion.person().authorize(request, 'Cancel'), {
        error: 'access_denied',
      });
    });
  });

  describe('the form of the consent page', () => {
    /** Sends the consent form by this method, with its CSRF token both in a field and in Django's header. */
    const sendForm = async (method: string): Promise<HTTPResponse> => {
      const token = consentForm(await open()).fields['csrfmiddlewaretoken'] ?? '';
      const cookies = contract.ion.person().browser.cookiesFor(contract.ion.provider.baseURL);
      const cookie = [...cookies].map((pair) => pair.join('=')).join('; ');
      return contract.ion.send('/oauth/authorize/', {
        method,
        headers: {
          cookie,
          'x-csrftoken': token,
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: query({ csrfmiddlewaretoken: token }),
      });
    };

    it.each([
      ['DELETE', 405],
      ['PATCH', 405],
      ['OPTIONS', 200],
    ])('is not read by %s, which gets a %i with the methods', async (method, status) => {
      expect(await sendForm(method)).toMatchObject({
        status,
        headers: { allow: 'GET, POST, PUT, HEAD, OPTIONS' },
        text: '',
      });
    });

    it.each(['custom://app/cb', 'javascript:alert(1)'])(
      'leads only to http and https URLs: the redirect_uri %s gets a 400',
      async (redirect_uri) => {
        const form = consentForm(await open());
        const cancel = form.buttons.find(({ label }) => label === 'Cancel');
        const page = await form.submit(contract.ion.person().browser, cancel, { redirect_uri });
        expect([page.status, page.location]).toEqual([400, undefined]);
      },
    );
  });

  describe('an authorization request that is redirected to the app with an error', () => {
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
      expectRedirect(await open(more), { ...error, state: 'a-state' });
      expectRedirect(await open({ ...more, state: undefined }), error);
    });

    it('comes from an application registered for client_credentials', async () => {
      expectRedirect(await open({}, unattended), {
        error: 'unauthorized_client',
        state: 'a-state',
      });
    });
  });

  describe('an authorization request that ends on one of Ion’s error pages', () => {
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
        'a redirect_uri that is not a whole URI',
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

    it('has no redirect_uri, although the application has several', async () => {
      expect(await open({ redirect_uri: undefined }, several)).toMatchObject(
        page('Missing redirect URI.'),
      );
    });

    it.each(['state', 'client_id', 'response_type', 'redirect_uri', 'scope'])(
      'has %s twice',
      async (name) => {
        const request = authorizationOf();
        const twice = `${query(request)}&${query({ [name]: request[name] })}`;
        expect(await contract.ion.person().open(twice)).toMatchObject(
          page(`Duplicate ${name} parameter.`),
        );
      },
    );
  });

  describe('the redirect_uri of an authorization request', () => {
    it('may be left out if the application has only one', async () => {
      const request = authorizationOf(confidential, { redirect_uri: undefined });
      const page = await contract.ion.person().authorize(request);
      expect(page.location).toMatch(/^https:\/\/app\.example\/complete\/ion\/\?code=/);
    });

    it('may have an additional query, which the code is appended to', async () => {
      const request = authorizationOf(confidential, { redirect_uri: `${callback}?tab=1` });
      const page = await contract.ion.person().authorize(request);
      expect(page.location).toMatch(
        /^https:\/\/app\.example\/complete\/ion\/\?tab=1&code=[A-Za-z0-9]{30}&state=a-state$/,
      );
    });

    it('may have an additional query, which an error is appended to', async () => {
      const page = await open({ redirect_uri: `${callback}?tab=1`, scope: 'lunch' });
      expectRedirect(page, { tab: '1', error: 'invalid_scope', state: 'a-state' });
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
    ])('may not differ in any other way: %s', async (redirect_uri) => {
      expect((await open({ redirect_uri }, several)).status).toBe(400);
    });
  });

  describe('an authorization request', () => {
    it('asks for all six scopes if it has no scope', async () => {
      expect(consentForm(await open({ scope: undefined })).fields['scope']).toBe(
        'read write openid profile email groups',
      );
    });

    it('keeps the order of its scopes', async () => {
      expect(consentForm(await open({ scope: 'write read' })).fields['scope']).toBe('write read');
    });

    it('may have unknown parameters', async () => {
      expect((await open({ access_type: 'offline', audience: 'api' })).status).toBe(200);
    });

    it('may have a code_challenge of five characters', async () => {
      const more = { code_challenge: 'abcde', code_challenge_method: 'S256' };
      expect((await open(more)).status).toBe(200);
    });

    it('redirects to the login page with prompt=login, even after a login', async () => {
      await open();
      const page = await contract.ion
        .person()
        .browser.get(
          `${contract.ion.provider.baseURL}/oauth/authorize/?${query(authorizationOf(confidential, { prompt: 'login' }))}`,
        );
      expect(page.status).toBe(302);
      expect(page.headers.get('location')).toBe(
        `/login?next=/oauth/authorize/%3F${encodeURIComponent(query(authorizationOf()))}`,
      );
    });

    it('shows the consent page with prompt=none after a login', async () => {
      expect((await openLoggedIn({ prompt: 'none' })).status).toBe(200);
    });

    it('fails with prompt=none and openid', async () => {
      const page = await openLoggedIn({ prompt: 'none', scope: 'read openid' });
      expect(page.status).toBe(500);
      expect(page.headers.get('content-type')).toMatch(/^text\/html/);
    });

    it('is refused with prompt=none, another prompt and openid', async () => {
      expectRedirect(await openLoggedIn({ prompt: 'none login', scope: 'read openid' }), {
        error: 'invalid_request',
        error_description: 'Prompt none is mutually exclusive with other values.',
        state: 'a-state',
      });
    });

    it('fails with prompt=none and no scope when the person approves', async () => {
      const page = await openLoggedIn({ prompt: 'none', scope: undefined });
      expect(page.status).toBe(200);
      expect((await contract.ion.person().choose(page, 'Authorize')).status).toBe(500);
      expectRedirect(await contract.ion.person().choose(page, 'Cancel'), {
        error: 'access_denied',
        state: 'a-state',
      });
    });
  });
}
