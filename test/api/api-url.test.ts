import { toAPIURL } from '../../lib/api/api-url.js';
import { endpointsOf } from '../../lib/endpoints.js';
import { IonURLError } from '../../lib/errors.js';
import { ION_ORIGIN, useNock } from '../support/nock.js';
import { fc, numberOfRuns } from '../support/fast-check.js';
import { strategyAt } from '../support/strategy-at.js';

useNock();

const ION = endpointsOf(ION_ORIGIN);
const LOCAL = endpointsOf('http://127.0.0.1:8000');

function urlOf(path: string, endpoints = ION): string {
  return toAPIURL(path, {}, endpoints).href;
}

describe('toAPIURL with a path', () => {
  it.each([
    ['/', '/'],
    ['/schedule', '/schedule'],
    ['/schedule/', '/schedule/'],
    ['/schedule?page=2&page_size=7', '/schedule?page=2&page_size=7'],
    ['/profile/3/picture', '/profile/3/picture'],
    ['/search/John Doe', '/search/John%20Doe'],
    ['/search/小梅', '/search/%E5%B0%8F%E6%A2%85'],
    ['/search/100%25', '/search/100%25'],
    ['/search/100%2525', '/search/100%2525'],
    ['/search/100%25zz', '/search/100%25zz'],
    [`/${'%25'.repeat(2730)}1`, `/${'%25'.repeat(2730)}1`],
    ['/search/a%2Fb', '/search/a%2Fb'],
    ['/search/...', '/search/...'],
    ['/search/a@b:c', '/search/a@b:c'],
    ['/search/x?q=../..', '/search/x?q=../..'],
    ['/profiles//3', '/profiles//3'],
    ['/apiary', '/apiary'],
  ])('resolves %s to %s', (path, expected) => {
    expect(urlOf(path)).toBe(`https://ion.example/api${expected}`);
  });
});

describe('toAPIURL with a full URL', () => {
  it.each([
    'https://ion.example/api',
    'https://ion.example/api/blocks?page=2',
    'https://ion.example/api/profile/3/picture',
  ])('keeps %s', (url) => {
    expect(urlOf(url)).toBe(url);
  });

  it('accepts other spellings of the scheme, the host and the port', () => {
    expect(urlOf('HTTPS://ION.example:443/api/blocks')).toBe('https://ion.example/api/blocks');
  });

  it('turns http, which Ion might write behind a proxy, into https', () => {
    expect(urlOf('http://ion.example/api/blocks?page=2')).toBe(
      'https://ion.example/api/blocks?page=2',
    );
    expect(urlOf('http://ion.example:8443/api/x', endpointsOf('https://ion.example:8443'))).toBe(
      'https://ion.example:8443/api/x',
    );
  });

  it('keeps http if Ion is a stand-in that is reached over http', () => {
    expect(urlOf('http://127.0.0.1:8000/api/x', LOCAL)).toBe('http://127.0.0.1:8000/api/x');
  });
});

const REFUSED = [
  ['another host', 'https://evil.example/api/schedule'],
  ['another host', 'http://evil.example/api/schedule'],
  ['a host that begins the same', 'https://ion.example.evil.example/api/schedule'],
  ['a host with a final dot', 'https://ion.example./api/schedule'],
  ['a host as user-info', 'https://ion.example@evil.example/api/schedule'],
  ['user-info', 'https://me@ion.example/api/schedule'],
  ['user-info', 'https://me:sesame@ion.example/api/schedule'],
  ['user-info', 'https://:sesame@ion.example/api/schedule'],
  ['another port', 'https://ion.example:8443/api/schedule'],
  ['another port', 'http://ion.example:8080/api/schedule'],
  ['the port of https by http', 'http://ion.example:443/api/schedule'],
  ['another scheme', 'ftp://ion.example/api/schedule'],
  ['another scheme', 'ws://ion.example/api/schedule'],
  ['another scheme', 'javascript:alert(1)'],
  ['another scheme', 'data:application/json,{}'],
  ['another scheme', 'file:///etc/passwd'],
  ['another scheme', 'blob:https://ion.example/api/schedule'],
  ['no host', 'https://'],
  ['no host', 'https:'],
  ['a host that looks like a path', 'https:schedule'],
  ['a path outside the API', 'https://ion.example/oauth/token/'],
  ['a path outside the API', 'https://ion.example/'],
  ['a path outside the API', 'https://ion.example/apiary'],
  ['dots', 'https://ion.example/api/../oauth/token/'],
  ['dots', 'https://ion.example/api/./schedule'],
  ['encoded dots', 'https://ion.example/api/%2e%2e/oauth/token/'],
  ['encoded dots', 'https://ion.example/api/.%2E/oauth/token/'],
  ['encoded slashes and dots', 'https://ion.example/api/..%2foauth%2ftoken/'],
  ['//host', '//evil.example/api/schedule'],
  ['//host', '//ion.example/api/schedule'],
  ['///host', '///evil.example/api/schedule'],
  ['/\\host', '/\\evil.example/api/schedule'],
  ['\\\\host', '\\\\evil.example\\api'],
  ['a backslash', '/schedule\\..\\..'],
  ['an encoded backslash', '/schedule%5c..%5c..'],
  ['a backslash in a URL', 'https://ion.example\\@evil.example/api/schedule'],
  ['dots', '/..'],
  ['dots', '/../oauth/token/'],
  ['dots', '/a/../../oauth/token/'],
  ['dots that stay in the API', '/a/../schedule'],
  ['a dot', '/./schedule'],
  ['encoded dots', '/%2e%2e/oauth/token/'],
  ['encoded dots', '/%2E./oauth/token/'],
  ['dots encoded twice', '/%252e%252e/oauth/token/'],
  ['dots encoded three times', '/%25252e%25252e/oauth/token/'],
  ['dots encoded after an escape that becomes a bad one', '/%25zz/%252e%252e/oauth/token/'],
  ['dots encoded in two halves', '/%25%32e%252%65/oauth/token/'],
  ['dots before an encoded question mark', '/..%3f/oauth/token/'],
  ['dots before an encoded #', '/..%2523/oauth/token/'],
  ['a backslash encoded after an escape that becomes a bad one', '/%25zz%255c'],
  ['a newline encoded after an escape that becomes a bad one', '/%25zz%250a'],
  ['more than 8192 characters', `/${'%25'.repeat(2730)}12`],
  ['more than 8192 characters', `https://ion.example/api/blocks?page=${'2'.repeat(200_000)}`],
  ['encoded slashes and dots', '/..%2foauth%2ftoken/'],
  ['encoded slashes and dots', '/a%2f..%2f..%2foauth'],
  ['a null', '/schedule\0'],
  ['a newline in the query', '/schedule?page\n=2'],
  ['a backslash in the query', '/schedule?page=\\'],
  ['an encoded null', '/schedule%00'],
  ['a newline', '/schedule\r\nHost: evil.example'],
  ['an encoded newline', '/schedule%0d%0aHost: evil.example'],
  ['a newline encoded twice', '/schedule%250d%250a'],
  ['a tab between the slashes', '/\t/evil.example/'],
  ['a newline in the scheme', 'ht\ntps://evil.example/'],
  ['whitespace before', ' https://evil.example/'],
  ['whitespace after', '/schedule '],
  ['a C1 control character', '/schedule\u0085'],
  ['a fragment', '/search/C#'],
  ['a % that encodes nothing', '/search/100%'],
  ['a % that encodes nothing', '/search/%zz'],
  ['a % that does not encode UTF-8', '/search/%ff'],
  ['no slash', 'schedule'],
  ['no slash', 'evil.example/api/schedule'],
  ['only a query', '?page=2'],
  ['nothing', ''],
  ['/api twice', '/api/schedule'],
  ['/api twice', '/api'],
  ['a token', '/schedule?access_token=sesame'],
  ['a token', 'https://ion.example/api/schedule?access_token=sesame'],
] as const;

describe('toAPIURL with a path or link that leads, or might lead, out of the API', () => {
  it.each(REFUSED)('refuses %s: %j', (_, path) => {
    let error: unknown;
    try {
      urlOf(path);
    } catch (thrown) {
      error = thrown;
    }

    expect(error).toBeInstanceOf(IonURLError);
    expect(error).toMatchObject({ code: 'ERR_ION_URL' });
    expect(String(error)).toMatch(/^IonURLError: IonAPI: nothing was sent, .+: .+/);
    expect(String(error)).not.toMatch(/sesame|evil/);
  });

  it('refuses https if Ion is a stand-in that is reached over http', () => {
    expect(() => urlOf('https://127.0.0.1:8000/api/x', LOCAL)).toThrow(IonURLError);
  });

  it.each([undefined, null, 7, {}, ['/schedule'], new URL('https://ion.example/api/schedule')])(
    'refuses %p, which is not a string',
    (path) => {
      // Cast to pass an invalid value, as a JavaScript app could.
      expect(() => urlOf(path as string)).toThrow(/must be a string/);
    },
  );

  it('refuses a token in the query', () => {
    expect(() => toAPIURL('/schedule', { access_token: 'sesame' }, ION)).toThrow(
      /Ion writes to its logs/,
    );
  });
});

describe('IonAPI, given a path or link that leads, or might lead, out of the API', () => {
  it('sends nothing and throws IonURLError in every method', async () => {
    const api = strategyAt(ION_ORIGIN).api({ accessToken: 'a', tokenType: 'Bearer', scope: [] });
    for (const [, path] of REFUSED) {
      const attempts = [
        api.get(path),
        api.post(path),
        api.put(path),
        api.patch(path),
        api.delete(path),
        api.pages(path).next(),
      ];
      for (const attempt of attempts) await expect(attempt).rejects.toThrow(IonURLError);
    }
  });
});

describe('toAPIURL with any path', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...[
        '/',
        '//',
        '\\',
        '..',
        '.',
        '%2e',
        '%2f',
        '%5c',
        '%25',
        '%00',
        '@',
        ':',
        '?',
        '#',
        ' ',
        '\t',
      ],
      ...['https://', 'http://', 'ion.example', 'evil.example', 'api', 'oauth', 'schedule', ':443'],
    ),
    fc.string({ unit: 'binary', maxLength: 3 }),
  );

  it("refuses it or returns a URL of Ion's API", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.boolean(), (pieces, slash) => {
        let href;
        try {
          href = urlOf((slash ? '/' : '') + pieces.join(''));
        } catch (error) {
          expect(error).toBeInstanceOf(IonURLError);
          return;
        }
        const url = new URL(href);
        expect(href).toMatch(/^https:\/\/ion\.example\/api(\/|\?|$)/);
        expect([url.username, url.password, url.hash]).toStrictEqual(['', '', '']);
        expect(url.pathname).not.toMatch(/\/(\.|%2e){1,2}(\/|%2f|$)/i);
      }),
      numberOfRuns(5000),
    );
  });
});
