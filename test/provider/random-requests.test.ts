// Tests that the local Ion and the real django-oauth-toolkit give the same responses to random requests.

import { fc, numberOfRuns } from '../support/fast-check.js';
import {
  authorizationOf,
  basic,
  Ion,
  query,
} from '../local-ion/contract/support/provider-client.js';
import type { Parameters, TokenResponse } from '../local-ion/contract/support/provider-client.js';
import { formsOf } from '../local-ion/contract/support/html-form.js';
import { startLocalProvider } from '../local-ion/contract/support/local-provider.js';
import {
  another,
  applications,
  confidential,
  publicApplication,
  several,
  unattended,
} from '../local-ion/contract/support/applications.js';
import type { Application } from '../local-ion/contract/support/applications.js';
import type { HTTPResponse } from '../local-ion/contract/support/send.js';
import { startDjangoProvider } from './django-provider.js';

let ions: readonly Ion[];

beforeAll(async () => {
  const providers = [startLocalProvider(), startDjangoProvider({ applications })];
  ions = (await Promise.all(providers)).map((provider) => new Ion(provider));
});
afterAll(() => Promise.all(ions.map(({ provider }) => provider.stop())));

/** Checks that both servers give the same response to each of many requests. */
async function same<Request>(
  requests: fc.Arbitrary<Request>,
  responseTo: (ion: Ion, request: Request) => Promise<unknown>,
): Promise<void> {
  const property = fc.asyncProperty(requests, async (request) => {
    const [local, real] = await Promise.all(ions.map((ion) => responseTo(ion, request)));
    // If the real server fails with a 500, the local Ion responds differently on purpose: see `differences`.
    if (!isBreakdown(real)) expect(local).toEqual(real);
  });
  await fc.assert(property, { ...numberOfRuns(200), endOnFailure: false });
}

function isBreakdown(response: unknown): boolean {
  return (response as { status: number }).status === 500;
}

/** Generates one of these values, or undefined. */
function maybe<Value>(...values: Value[]): fc.Arbitrary<Value | undefined> {
  return fc.constantFrom(undefined, ...values);
}

/** Generates the first value most of the time, and sometimes one of the others. */
function mostly<Value>(
  usual: Value,
  ...others: (Value | undefined)[]
): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(usual) }, fc.constantFrom(...others));
}

/** Returns the parts of a response that must be equal, with placeholders for tokens, times, and hosts. */
function essence({ provider }: Ion, { status, headers, text }: HTTPResponse): object {
  // Content-Type alone does not show whether the body is HTML: in the response to a token request with a
  // query, JSON is labeled as HTML.
  const isHTML = headers['content-type']?.startsWith('text/html') === true && !text.startsWith('{');
  const own = (value = ''): string =>
    value
      .replaceAll(provider.baseURL, 'ION')
      .replaceAll(new URL(provider.baseURL).host, 'HOST')
      .replace(/\b(?!error_description)[A-Za-z0-9]{30}\b/g, 'TOKEN')
      .replace(/(access_token%3D)[A-Za-z0-9]{30}/g, '$1TOKEN')
      .replace(/\b1[789]\d{8}\b/g, 'TIME');
  return {
    status,
    type: headers['content-type'],
    text: isHTML ? '' : own(text),
    location: own(headers.location),
    challenge: headers['www-authenticate'],
    cache: headers['cache-control'],
    pragma: headers.pragma,
    allow: headers.allow,
    // Leaves out Vary in the response to a query that cannot be decoded, because Ion refuses such a request
    // before it sets all of the headers.
    vary: status === 400 && isHTML ? '' : headers.vary,
  };
}

const uri = confidential.redirectURIs[0] ?? '';
const applicationsAtRandom: fc.Arbitrary<Application> = fc.constantFrom(
  confidential,
  confidential,
  publicApplication,
  several,
);

describe('the same responses', () => {
  it('to authorization requests', async () => {
    const requests = fc.record({
      to: applicationsAtRandom,
      more: fc.record(
        {
          response_type: mostly('code', 'token', 'code token', 'id_token', '', 'CODE', undefined),
          client_id: mostly<string | null>(null, 'nobody', '', undefined),
          redirect_uri: mostly(
            uri,
            undefined,
            '',
            `${uri}?a=b&c=d`,
            `${uri}#f`,
            `${uri}x`,
            uri.toUpperCase(),
            'http://127.0.0.1:99/cb',
            'http://127.0.0.1:99/cb/',
            'http://127.0.0.1:8000/fixed?x=y',
            'http://[::1]:99/cb',
            'http://localhost/cb',
            'javascript:alert(1)',
            '/relative',
            '//host/path',
            'http://[broken',
            'https://app.example/%zz',
            `${uri}?a b`,
            'https://app.example:443/complete/ion/',
            'https://user@app.example/complete/ion/',
            'https://u@app.example/complete/ion/',
            'http://u@127.0.0.1:99/cb',
            'http://[::1$a]/cb',
          ),
          scope: mostly(
            'read',
            'write read',
            'read  write',
            ' read',
            'read,write',
            'READ',
            '',
            ' ',
            'lunch',
            'profile email groups',
            'read openid',
            undefined,
          ),
          state: mostly('x', '', 'a b&c=d/é+%', '小梅', undefined, '"<>\\^`{|}'),
          code_challenge: maybe('', 'abc', 'a'.repeat(43), 'a'.repeat(128), 'a+b/c='),
          code_challenge_method: maybe('', 'plain', 'S256', 's256', 'S512'),
          prompt: maybe('', 'login', 'none', 'consent', 'none login'),
          approval_prompt: maybe('', 'force', 'auto'),
          nonce: maybe('n', ''),
          claims: maybe('', '{}'),
          display: maybe('page', 'x'),
          response_mode: maybe('', 'query', 'fragment', 'form_post'),
          ui_locales: maybe('en fr'),
          id_token_hint: maybe('x'),
          login_hint: maybe('x'),
          audience: maybe('x'),
        },
        { requiredKeys: [] },
      ),
      suffix: mostly('', '&', '&state=again', '&scope=read', '&x', '&=y', '&x=1&x=2', '&x=%C3'),
      button: fc.constantFrom('Authorize' as const, 'Cancel' as const),
    });
    await same(requests, async (ion, { to, more, suffix, button }) => {
      const { client_id: id, ...others } = more;
      const given =
        'client_id' in more ? { client_id: id ?? (id === null ? to.clientID : id) } : {};
      const request = query(authorizationOf(to, { ...others, ...given }));
      const person = ion.person();
      const page = await person.open(`${request}${suffix ?? ''}`);
      const [form] = page.status === 200 ? formsOf(page) : [];
      const { scope, redirect_uri, state, code_challenge, code_challenge_method } =
        form?.fields ?? {};
      const fields = { scope, redirect_uri, state, code_challenge, code_challenge_method };
      const after = form ? await person.choose(page, button) : undefined;
      return {
        ...comparable(ion, page.status, page.headers.get('location')),
        problem: page.status === 400 ? problemIn(page.text) : undefined,
        fields,
        after: after && comparable(ion, after.status, after.headers.get('location')),
      };
    });
  });

  it('to token requests', async () => {
    const requests = fc.record({
      to: applicationsAtRandom,
      request: fc.constantFrom<Parameters>(
        {},
        {},
        { scope: 'read write' },
        { scope: 'write profile' },
        { code_challenge: 'a-verifier', code_challenge_method: 'plain' },
        { code_challenge: 'a-verifier' },
        { code_challenge: 'a-verifier', code_challenge_method: 'S256' },
        { redirect_uri: `${uri}?a=b` },
      ),
      grant_type: mostly<string>(
        'authorization_code',
        'refresh_token',
        'refresh_token',
        'refresh_token',
        'client_credentials',
        'implicit',
        'urn:ietf:params:oauth:grant-type:jwt-bearer',
        '',
        undefined,
      ),
      used: fc.boolean(),
      more: fc.record(
        {
          code: maybe('', 'nothing', 'é', 'a b'),
          refresh_token: maybe('', 'nothing', 'é'),
          redirect_uri: maybe('', `${uri}?a=b`, `${uri}x`, 'http://127.0.0.1:1/cb', uri),
          code_verifier: maybe('', 'a-verifier', 'wrong', 'é'),
          scope: maybe('', 'read', 'read write', 'lunch', ' read', 'write', 'read,write'),
          client_id: maybe('', 'nobody', another.clientID, publicApplication.clientID),
          client_secret: maybe('', 'wrong', another.clientSecret, confidential.clientSecret),
          state: maybe('x', '', 'é'),
          device_code: maybe('x'),
        },
        { requiredKeys: [] },
      ),
      header: fc.oneof(
        { weight: 4, arbitrary: fc.constant(undefined) },
        fc.constantFrom(
          basic(confidential.clientID, confidential.clientSecret).authorization,
          `${basic(confidential.clientID, confidential.clientSecret).authorization} `,
          basic(confidential.clientID, confidential.clientSecret).authorization.replace(/=+$/, ''),
          `Basic  ${basic(confidential.clientID, confidential.clientSecret).authorization.slice(6)}`,
          `Basic ${Buffer.from('é:é', 'latin1').toString('base64')}`,
          `Basic ${Buffer.from('a:b:c').toString('base64')}`,
          basic('', '').authorization,
          basic(confidential.clientID, 'wrong').authorization,
          basic(publicApplication.clientID, '').authorization,
          basic(several.clientID, several.clientSecret).authorization,
          basic(confidential.clientID, confidential.clientSecret, 'basic').authorization,
          'Basic',
          'Basic ',
          'Basic %',
          `Basic ${Buffer.from('no colon').toString('base64')}`,
          `Basic ${Buffer.from(`${encodeURIComponent(confidential.clientID)}:a%20b:c`).toString('base64')}`,
          'Bearer x',
          'x',
        ),
      ),
      type: mostly(
        'application/x-www-form-urlencoded',
        'application/x-www-form-urlencoded; charset=utf-8',
        'APPLICATION/X-WWW-FORM-URLENCODED',
        'application/x-www-form-urlencoded; charset="UTF-8"',
        'application/x-www-form-urlencoded; charset=utf8',
        'application/x-www-form-urlencoded; charset=iso-8859-1',
        'application/x-www-form-urlencoded; charset=nonsense',
        'application/x-www-form-urlencoded; charset=',
        'application/x-www-form-urlencoded ; a=b',
        'application/x-www-form-urlencodedx',
        'text/plain',
      ),
      suffix: mostly(
        '',
        '&x',
        '&=',
        '&&',
        '&code=x',
        '&grant_type=refresh_token',
        '&x=%zz',
        '&x=%C3',
      ),
      search: mostly('', '?', '?x', '?x=y'),
    });
    await same(
      requests,
      async (ion, { to, request, grant_type, used, more, header, type, suffix, search }) => {
        const code = await ion.code({ to, request });
        const redirect_uri = request['redirect_uri'] ?? uri;
        const verifier = { code_verifier: request['code_challenge'] };
        let refresh_token: string | undefined;
        if (grant_type === 'refresh_token') {
          const first = await ion.exchange(code, { redirect_uri, ...verifier }, to);
          refresh_token = (JSON.parse(first.text) as { refresh_token?: string }).refresh_token;
          if (used) await ion.refresh(refresh_token ?? '', {}, to);
        } else if (used) await ion.exchange(code, { redirect_uri }, to);
        const client = { client_id: to.clientID, client_secret: to.clientSecret };
        const form = {
          grant_type,
          code,
          redirect_uri,
          ...verifier,
          refresh_token,
          ...client,
          ...more,
        };
        const headers = {
          ...(type === undefined ? {} : { 'content-type': type }),
          ...(header === undefined ? {} : { authorization: header }),
        };
        const body = `${query(form)}${suffix ?? ''}`;
        const sent = { method: 'POST', headers, body };
        return essence(ion, await ion.send(`/oauth/token/${search ?? ''}`, sent));
      },
    );
  });

  it('to requests to revoke and to introspect', async () => {
    const requests = fc.record({
      path: fc.constantFrom('/oauth/revoke_token/', '/oauth/introspect/', '/oauth/introspect'),
      method: fc.constantFrom('POST', 'POST', 'POST', 'GET', 'HEAD', 'OPTIONS'),
      token: fc.constantFrom('access', 'refresh', 'nothing', '', undefined),
      client: fc.constantFrom<Application | undefined>(
        confidential,
        another,
        publicApplication,
        unattended,
        undefined,
      ),
      more: fc.record(
        {
          client_secret: maybe('', 'wrong'),
          token_type_hint: maybe('', 'access_token', 'refresh_token', 'x'),
        },
        { requiredKeys: [] },
      ),
      inQuery: fc.boolean(),
      header: maybe(
        'Bearer access',
        'Basic x',
        basic(another.clientID, another.clientSecret).authorization,
      ),
    });
    await same(requests, async (ion, { path, method, token, client, more, inQuery, header }) => {
      const tokens = await ion.signIn();
      const known: Record<string, string> = {
        access: tokens.access_token,
        refresh: tokens.refresh_token,
      };
      const parameters = query({
        token: token && (known[token] ?? token),
        client_id: client?.clientID,
        client_secret: client?.clientSecret,
        ...more,
      });
      const headers = {
        'content-type': 'application/x-www-form-urlencoded',
        ...(header && { authorization: header.replace('access', tokens.access_token) }),
      };
      const body = method === 'POST' ? { body: inQuery ? '' : parameters } : {};
      const response = await ion.send(inQuery ? `${path}?${parameters}` : path, {
        method,
        headers,
        ...body,
      });
      const after = await ion.api(tokens.access_token);
      const refreshed = await ion.refresh(tokens.refresh_token);
      const after2 = [after.status, refreshed.status, refreshed.text.includes('"scope": ""')];
      return { ...essence(ion, response), after2 };
    });
  });

  it('to sign-ups for eighth period', async () => {
    const anything = fc.constantFrom<unknown>(
      null,
      '',
      'x',
      true,
      1e9 + 0.5,
      -1,
      [],
      {},
      [1],
      '99999999',
    );
    const known = fc.constantFrom('open', 'open', 'locked');
    const requests = fc.record({
      as: fc.constantFrom('2028znunez', '2027jdoe', '2029admin', '2020aalum'),
      whose: mostly('', '/6', '/favorites', '/999', '/x'),
      method: mostly('POST', 'GET', 'PUT', 'HEAD'),
      block: fc.oneof({ weight: 4, arbitrary: known }, anything),
      fields: fc.record(
        {
          activity: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(1, 2, '2', 999) }, anything),
          scheduled_activity: fc.constantFrom<unknown>(99999999, null, 'x', ''),
        },
        { requiredKeys: [] },
      ),
      type: mostly('application/json', 'application/x-www-form-urlencoded', 'text/plain', ''),
      broken: mostly(undefined, '', '{', '[]', '"x"', '1', 'null', 'true'),
      search: mostly('', '?date=2026-11-24', '?date=x', '?start_date=x', '?format=xml'),
    });
    const blocks = await Promise.all(ions.map(blocksOf));
    await same(requests, async (ion, request) => {
      const { as, whose, method, block, fields, type, broken, search } = request;
      const tokens = await tokensOf(ion, as);
      const own = blocks[ions.indexOf(ion)];
      const named = block === 'open' || block === 'locked' ? own?.[block] : block;
      const form = { block: named, ...fields };
      const isForm = type === 'application/x-www-form-urlencoded';
      const pairs = Object.entries(form).map(([name, value]): [string, string] => [
        name,
        typeof value === 'object' ? '' : `${value as string | number | boolean}`,
      ]);
      const body = isForm ? new URLSearchParams(pairs).toString() : JSON.stringify(form);
      const response = await ion.api(
        tokens.access_token,
        `/api/signups/user${whose ?? ''}${search ?? ''}`,
        {
          method: method ?? 'GET',
          headers: type ? { 'content-type': type } : {},
          body: broken ?? body,
        },
      );
      // Leaves out texts that differ because the servers have different activities and word refusals differently.
      const isOwn = response.status < 300 || response.text.startsWith('{"details":[');
      const text = response.text.replace(/(JSON parse error - )[^}]*/, '$1…');
      const count = response.text.startsWith('[{') ? (JSON.parse(text) as unknown[]).length : 0;
      return { ...essence(ion, { ...response, text: isOwn ? '' : text }), count };
    });
  });

  it('to requests to the API', async () => {
    const requests = fc.record({
      as: fc.constantFrom('2028znunez', 'jteacher', 'nonames', '2020aalum', '2030fresh', 'simple'),
      method: mostly('GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE', 'TRACE'),
      path: fc.constantFrom(
        '/api/profile',
        '/api/profile/',
        '/api/profile//',
        '/api/profile/3',
        '/api/profile/03',
        '/api/profile/2027jdoe',
        '/api/profile/2027JDOE/',
        '/api/profile/nobody',
        '/api/profile/0',
        '/api/profile/99999999999999999999',
        '/api/profile/a-b',
        '/nowhere',
        `/oauth/authorize/?${query(authorizationOf())}`,
        `/oauth/authorize/?${query(authorizationOf(confidential, { client_id: 'nobody' }))}`,
        '/api/profile/3/picture',
        '/api/profile/3/picture/',
        '/api/profile/jteacher/picture/staff',
        '/api/profile/jteacher/picture/senior',
        '/api/profile/nobody/picture',
        '/api/schedule/2031-07-04',
        '/api/schedule?page=0',
        '/api/schedule?page=x',
        '/api/announcements?page=2',
      ),
      search: mostly(
        '',
        'format=json',
        'format=api',
        'format=xml',
        'format=jpg',
        'x=%zz',
        'x',
        'format=json&format=api',
      ),
      accept: mostly(
        '*/*',
        'application/json',
        'text/html',
        'image/jpeg',
        'image/jpg',
        'image/*',
        'application/*;q=0.1, text/html',
        'text/html;q=0.1, application/json',
        'application/JSON',
        'application/json; version=1',
        'text/html; level=1, application/json',
        'application/json, text/html; q=0.5',
        '*/*; q=0.1, image/jpg',
        'application/json/x',
        '*, application/json',
        'application/json; q=0.1; level=1, text/html',
        'application/*; level=1, text/html',
        '',
        'x',
        undefined,
      ),
      authorization: mostly(
        'Bearer access',
        'bearer access',
        'BEARER access',
        'Bearer  access',
        'Beareraccess',
        'Bearer access more',
        'Bearer',
        'Bearer refresh',
        'Bearer nothing',
        'Token access',
        '',
        undefined,
      ),
      inQuery: mostly(undefined, 'access', 'nothing', ''),
      requestedWith: mostly(undefined, 'XMLHttpRequest'),
      forwarded: mostly(undefined, 'https', 'http', 'x'),
    });
    await same(
      requests,
      async (
        ion,
        { as, method, path, search, accept, authorization, inQuery, requestedWith, forwarded },
      ) => {
        const tokens = await tokensOf(ion, as);
        const real = (text: string): string =>
          text.replace('access', tokens.access_token).replace('refresh', tokens.refresh_token);
        const parts = [search, inQuery === undefined ? '' : `access_token=${real(inQuery)}`];
        const asked = parts.filter(Boolean).join('&');
        const url = asked === '' ? path : `${path}${path.includes('?') ? '&' : '?'}${asked}`;
        const headers = {
          ...(accept === undefined ? {} : { accept }),
          ...(authorization === undefined ? {} : { authorization: real(authorization) }),
          ...(requestedWith === undefined ? {} : { 'x-requested-with': requestedWith }),
          ...(forwarded === undefined ? {} : { 'x-forwarded-proto': forwarded }),
        };
        const response = await ion.send(url, { method: method ?? 'GET', headers });
        const isPicture = response.headers['content-type'] === 'image/jpeg';
        const isDescription = method === 'OPTIONS' && response.text.startsWith('{"name"');
        const isList = response.text.startsWith('{"count"');
        const hidden = isPicture || isDescription || isList ? { text: '' } : {};
        const cookies = response.headers['set-cookie'] ?? [];
        const setsSession = cookies.some((line) => line.startsWith('sessionid='));
        return { ...essence(ion, response), ...hidden, setsSession };
      },
    );
  });
});

const signedIn = new Map<string, Promise<TokenResponse>>();

/** Returns a person's tokens. They are the same each time, so no request may revoke or refresh them. */
function tokensOf(ion: Ion, as: string): Promise<TokenResponse> {
  const key = `${ion.provider.baseURL} ${as}`;
  const tokens = signedIn.get(key) ?? ion.signIn({ as });
  signedIn.set(key, tokens);
  return tokens;
}

/** Finds a block that is open for sign-ups, and one that is locked. */
async function blocksOf(ion: Ion): Promise<{ open: number; locked: number }> {
  const { access_token } = await ion.signIn();
  const { text } = await ion.api(access_token, '/api/blocks?page_size=200');
  const { results } = JSON.parse(text) as { results: { id: number; locked: boolean }[] };
  const first = (locked: boolean): number =>
    results.find((each) => each.locked === locked)?.id ?? 0;
  return { open: first(false), locked: first(true) };
}

function comparable({ provider }: Ion, status: number, location: string | null): object {
  return {
    status,
    location: (location ?? '')
      .replaceAll(provider.baseURL, 'ION')
      .replace(/code=[A-Za-z0-9]{30}/, 'code=CODE'),
  };
}

/** Returns the words on an error page that say what is wrong. */
function problemIn(html: string): string | undefined {
  const words = /(Invalid|Missing|Mismatching|Duplicate|Unable|Bad)[\w ]*\.?/.exec(html)?.[0];
  return words?.replace(/^Bad Request$/, 'Bad Request');
}
