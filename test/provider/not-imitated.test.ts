// Tests behavior of the real django-oauth-toolkit that the local Ion does not imitate.

import { createPublicKey, verify } from 'node:crypto';
import type { JsonWebKey } from 'node:crypto';

import {
  invalidGrant,
  noPermission,
  notAuthenticated,
  oauthError,
} from '../local-ion/contract/support/expected-responses.js';
import { authorizationOf, Ion, tokensIn } from '../local-ion/contract/support/provider-client.js';
import { people } from '../local-ion/contract/support/people.js';
import { applications, confidential } from '../local-ion/contract/support/applications.js';
import { DAY, SECOND } from '../local-ion/contract/support/provider.js';
import { startDjangoProvider } from './django-provider.js';
import type { DjangoApplication, DjangoProvider } from './django-provider.js';

const openid = {
  name: 'OpenID',
  clientID: 'openid'.padEnd(40, 'x'),
  clientSecret: 'openid-secret'.padEnd(128, 'x'),
  redirectURIs: ['https://app.example/complete/ion/'],
  openid: true,
} satisfies DjangoApplication;

let site: DjangoProvider;
let ion: Ion;

beforeEach(async () => {
  site = await startDjangoProvider({
    applications: [...applications, openid],
    people: [...people, { id: 20, ion_username: 'noapi', has_api_access: false }],
  });
  ion = new Ion(site);
});
afterEach(() => site.stop());

const page500 = {
  status: 500,
  headers: { 'content-type': expect.stringMatching(/^text\/html/) as string },
};

describe('a locked account', () => {
  it('keeps its tokens, which can be refreshed', async () => {
    const tokens = await ion.signIn({ as: 'jteacher' });
    await site.lock('jteacher', true);
    expect((await ion.api(tokens.access_token)).status).toBe(200);
    const fresh = tokensIn(await ion.refresh(tokens.refresh_token));
    expect((await ion.api(fresh.access_token)).status).toBe(200);
    await expect(new Ion(site).signIn({ as: 'jteacher' })).rejects.toThrow();
  });
});

describe('the command cleartokens', () => {
  it.each([
    [29, 200],
    [31, 400],
  ])(
    'of the refresh tokens whose access tokens expired %i days ago leaves them to give %i',
    async (days, status) => {
      const { refresh_token } = await ion.signIn();
      await site.advance(days * DAY + 36_000 * SECOND);
      await site.clearTokens();
      expect((await ion.refresh(refresh_token)).status).toBe(status);
    },
  );
});

describe('an access token that is deleted', () => {
  it('leaves a refresh token without scopes', async () => {
    const tokens = await ion.signIn();
    await site.deleteAccessToken(tokens.access_token);
    expect(await ion.api(tokens.access_token)).toMatchObject(notAuthenticated);
    expect(await ion.refresh(tokens.refresh_token, { scope: 'read' })).toMatchObject(
      oauthError(400, 'invalid_scope'),
    );
    expect(tokensIn(await ion.refresh(tokens.refresh_token)).scope).toBe('');
  });
});

describe('refreshes that really overlap', () => {
  it('all get the same new pair, which works once', async () => {
    const { refresh_token } = await ion.signIn();
    const refresh = (): ReturnType<Ion['refresh']> => ion.refresh(refresh_token);
    const responses = await site.overlapping([refresh, refresh, refresh, refresh]);
    expect(responses.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const [text, ...others] = new Set(responses.map((response) => response.text));
    expect(others).toEqual([]);
    expect(await ion.refresh(refresh_token)).toMatchObject(invalidGrant);
    const pair = JSON.parse(text ?? '') as { access_token: string; refresh_token: string };
    expect((await ion.api(pair.access_token)).status).toBe(200);
    expect((await ion.refresh(pair.refresh_token)).status).toBe(200);
    expect(await ion.refresh(pair.refresh_token)).toMatchObject(invalidGrant);
  });
});

describe('someone without API access', () => {
  it('gets their own profile, and nothing else', async () => {
    const { access_token } = await ion.signIn({ as: 'noapi' });
    expect((await ion.api(access_token)).status).toBe(200);
    expect((await ion.api(access_token, '/api/profile/20')).status).toBe(200);
    expect(await ion.api(access_token, '/api/profile/3')).toMatchObject(noPermission);
    for (const path of ['/api/announcements', '/api/blocks', '/api/signups/user']) {
      expect(await ion.api(access_token, path)).toMatchObject(noPermission);
    }
  });
});

describe('an error page with status 500', () => {
  it('is the response to a NUL character in the code or the client_id', async () => {
    expect(await ion.exchange('a\0b')).toMatchObject(page500);
    expect(await ion.exchange('a', { client_id: 'a\0b' })).toMatchObject(page500);
  });
});

describe('an application with OpenID Connect', () => {
  const signIn = (scope?: string): ReturnType<Ion['signIn']> =>
    ion.signIn({ to: openid, request: { scope, nonce: 'a-nonce' } });

  it('gets an id_token, with the claims of its scopes', async () => {
    const tokens = await signIn();
    expect(Object.keys(tokens)).toEqual([
      'access_token',
      'expires_in',
      'token_type',
      'scope',
      'refresh_token',
      'id_token',
    ]);
    expect(claimsIn(tokens)).toMatchObject({
      aud: openid.clientID,
      nonce: 'a-nonce',
      sub: '3',
      given_name: 'Zoë',
      family_name: 'Núñez-Łukasik',
      name: 'Zoë Núñez-Łukasik',
      preferred_username: '2028znunez',
      email: '2028znunez@tjhsst.edu',
      email_verified: true,
      groups: [],
      is_sysadmin: false,
      iss: `${site.baseURL}/oauth`,
    });
    const fresh = tokensIn(await ion.refresh(tokens.refresh_token, {}, openid));
    expect(claimsIn(fresh)).toMatchObject({ sub: '3' });
  });

  it('can verify it with the keys of the site', async () => {
    const { text } = await ion.send('/oauth/.well-known/jwks.json');
    const { keys } = JSON.parse(text) as { keys: JsonWebKey[] };
    const [header = '', claims = '', signature = ''] = idTokenOf(await signIn('openid')).split('.');
    const { alg, kid } = JSON.parse(Buffer.from(header, 'base64url').toString()) as Record<
      string,
      string
    >;
    expect(alg).toBe('RS256');
    const key = keys.find((each) => (each as { kid?: string }).kid === kid);
    if (!key) throw new Error(`There is no key ${kid ?? ''}`);
    const isSigned = verify(
      'sha256',
      Buffer.from(`${header}.${claims}`),
      createPublicKey({ key, format: 'jwk' }),
      Buffer.from(signature, 'base64url'),
    );
    expect(isSigned).toBe(true);
  });

  it('gets no id_token without the scope, and is refused at userinfo', async () => {
    const tokens = await signIn('read');
    expect(tokens).not.toHaveProperty('id_token');
    const response = await ion.api(tokens.access_token, '/oauth/userinfo/');
    expect(response).toMatchObject({
      status: 401,
      headers: {
        'www-authenticate': expect.stringMatching(
          /^Bearer error="invalid_token", error_description="/,
        ) as string,
        'content-type': expect.stringMatching(/^text\/html/) as string,
      },
    });
  });

  it('may request userinfo, whose JSON has escapes', async () => {
    const tokens = await signIn('openid profile');
    const { text } = await ion.api(tokens.access_token, '/oauth/userinfo/');
    expect(text).toContain('Zo\\u00eb');
    expect(JSON.parse(text)).toEqual({
      sub: '3',
      given_name: 'Zoë',
      family_name: 'Núñez-Łukasik',
      name: 'Zoë Núñez-Łukasik',
      preferred_username: '2028znunez',
    });
  });

  it('may use the id_token at the API, even after the other tokens are revoked', async () => {
    const tokens = await signIn('openid read');
    await ion.revoke(tokens.refresh_token, {}, openid);
    expect((await ion.api(idTokenOf(tokens))).status).toBe(200);
    expect(await ion.api(tokens.access_token)).toMatchObject(notAuthenticated);
  });

  it('gets an error page with prompt=none', async () => {
    const request = { scope: 'openid', prompt: 'none' };
    await ion.person().open(authorizationOf());
    const page = await ion.person().open(authorizationOf(openid, request));
    expect(page.status).toBe(500);
  });

  it('finds more in the discovery document than actually exists', async () => {
    const { text } = await ion.send('/oauth/.well-known/openid-configuration');
    const configuration = JSON.parse(text) as Record<string, unknown>;
    expect(configuration).toMatchObject({
      issuer: `${site.baseURL}/oauth`,
      token_endpoint: `${site.baseURL}/oauth/token/`,
      claims_supported: ['sub'],
      code_challenge_methods_supported: ['plain', 'S256'],
      token_endpoint_auth_methods_supported: ['client_secret_post', 'client_secret_basic'],
      scopes_supported: ['read', 'write', 'openid', 'profile', 'email', 'groups'],
      end_session_endpoint: `${site.baseURL}/oauth/logout/`,
    });
    expect(configuration).not.toHaveProperty('revocation_endpoint');
    expect(configuration).not.toHaveProperty('introspection_endpoint');
  });

  it('ends the tokens of every application with one logout', async () => {
    const other = await ion.signIn({ to: confidential });
    const id_token_hint = idTokenOf(await signIn());
    const { browser } = ion.person();
    const page = await browser.get(
      `${site.baseURL}/oauth/logout/?${new URLSearchParams({ id_token_hint }).toString()}`,
    );
    expect(page.status).toBe(200);
    const csrf = /name="csrfmiddlewaretoken" value="(\w+)"/.exec(page.text)?.[1] ?? '';
    await browser.post(page.url, { csrfmiddlewaretoken: csrf, id_token_hint, allow: 'Logout' });
    expect(await ion.api(other.access_token)).toMatchObject(notAuthenticated);
    expect(await ion.refresh(other.refresh_token)).toMatchObject(invalidGrant);
  });
});

function idTokenOf(tokens: object): string {
  return (tokens as { id_token: string }).id_token;
}

function claimsIn(tokens: object): unknown {
  const [, claims = ''] = idTokenOf(tokens).split('.');
  return JSON.parse(Buffer.from(claims, 'base64url').toString());
}
