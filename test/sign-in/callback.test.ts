import { readCallback } from '../../lib/sign-in/callback.js';
import type { Callback } from '../../lib/sign-in/callback.js';
import { fc, numberOfRuns } from '../support/fast-check.js';

const REDIRECT_URI = 'https://app.example/complete/ion/';

function callback(search: string, query: unknown = {}): Callback {
  return readCallback({ originalUrl: `/complete/ion/${search}`, url: '/', query }, REDIRECT_URI);
}

describe('readCallback', () => {
  it('returns a code and its state', () => {
    expect(callback('?code=AbC&state=xyz')).toEqual({ kind: 'code', code: 'AbC', state: 'xyz' });
  });

  it('returns a code or an error without a state', () => {
    expect(callback('?code=AbC')).toEqual({ kind: 'code', code: 'AbC', state: undefined });
    expect(callback('?error=access_denied')).toEqual({
      kind: 'error',
      error: 'access_denied',
      description: undefined,
      state: undefined,
    });
  });

  it('returns an error, its description and its state', () => {
    const search = '?error=invalid_request&error_description=Missing+r%C3%A9sponse_type.&state=xyz';
    expect(callback(search)).toEqual({
      kind: 'error',
      error: 'invalid_request',
      description: 'Missing résponse_type.',
      state: 'xyz',
    });
  });

  it('decodes the query as a form, which is how Ion encodes it', () => {
    expect(callback('?code=x&state=a+b%26c%3Dd%2F%2B%25')).toMatchObject({ state: 'a b&c=d/+%' });
  });

  it('returns none for a query without the parameters', () => {
    for (const search of [
      '',
      '?',
      '?next=/lunch',
      '?Code=x&xcode=y&state_=z',
      '?[code]=1',
      '?&&=',
    ]) {
      expect([search, callback(search)]).toEqual([search, { kind: 'none' }]);
    }
  });

  it('ignores other parameters', () => {
    expect(callback('?code=AbC&state=xyz&next=/a&next=/b&x[y]=%00')).toMatchObject({
      kind: 'code',
    });
  });

  it('accepts values of 1024 characters', () => {
    const longest = 'x'.repeat(1024);
    const search = `?code=${longest}&state=${longest}`;
    expect(callback(search)).toEqual({ kind: 'code', code: longest, state: longest });
    const error = `?error=x&error_description=${longest}`;
    expect(callback(error)).toMatchObject({ description: longest });
  });
});

describe('readCallback refuses', () => {
  const names = ['code', 'state', 'error', 'error_description'];
  const changes: [string, (name: string) => string, string][] = [
    ['twice', (name) => `${name}=a&${name}=b`, 'appears more than once'],
    ['twice the same', (name) => `${name}=a&${name}=a`, 'appears more than once'],
    ['as an array', (name) => `${name}[]=a`, 'appears more than once'],
    ['as an array with an index', (name) => `${name}[0]=a`, 'appears more than once'],
    ['as an object', (name) => `${name}[x]=1`, 'appears more than once'],
    ['as an object, encoded', (name) => `${name}%5Bx%5D=1`, 'appears more than once'],
    ['as an object with a dot', (name) => `${name}.x=1`, 'appears more than once'],
    ['both ways', (name) => `${name}=1&${name}[x]=1`, 'appears more than once'],
    ['too long', (name) => `${name}=${'x'.repeat(1025)}`, 'is too long'],
  ];
  const characters: [string, string][] = [
    ['NUL', 'a%00b'],
    ['a line break', 'a%0D%0Ab'],
    ['a delete', 'a%7Fb'],
    ['a C1 control character', 'a%C2%85b'],
  ];

  describe.each(names)('%s', (name) => {
    it.each(changes)('%s', (_case, search, problem) => {
      for (const others of ['', '&code=c', '&state=s', '&error=e', '&code=c&state=s']) {
        const read = callback(`?${search(name)}${others}`);
        expect(read.kind).toBe('malformed');
        if (!others.includes(`${name}=`))
          expect(read).toMatchObject({ problem: `${name} ${problem}` });
      }
    });

    it.each(characters)('with %s', (_case, value) => {
      const read = callback(`?${name}=${value}&${name === 'error' ? '' : 'error=x'}`);
      const problem = expect.stringMatching(`^${name} has a (control )?character`) as unknown;
      expect(read).toEqual({ kind: 'malformed', problem });
    });
  });

  it.each(['code', 'state', 'error'])('an empty value of %s', (name) => {
    expect(callback(`?${name}=`)).toEqual({ kind: 'malformed', problem: `${name} is empty` });
    expect(callback(`?${name}`)).toEqual({ kind: 'malformed', problem: `${name} is empty` });
  });

  it.each(['code', 'state', 'error'])(
    '%s with characters beyond ASCII, or in broken UTF-8',
    (name) => {
      for (const value of ['%C3%A9', '%FF', 'é', '%E2%80%AE']) {
        const problem = `${name} has a character that Ion never sends`;
        expect(callback(`?${name}=${value}`)).toEqual({ kind: 'malformed', problem });
      }
    },
  );

  it('a code together with an error', () => {
    expect(callback('?code=a&error=b&state=c')).toEqual({
      kind: 'malformed',
      problem: 'code and error cannot come together',
    });
  });

  it('a state without a code or an error', () => {
    const problem = 'state comes without code or error';
    expect(callback('?state=abc')).toEqual({ kind: 'malformed', problem });
    expect(callback('?state=abc&error_description=x')).toEqual({ kind: 'malformed', problem });
  });

  it('a value without repeating it in the problem', () => {
    expect(JSON.stringify(callback('?code=%00<script>&state=s'))).not.toContain('script');
  });
});

const TOO_LONG = { kind: 'malformed', problem: 'the query is too long' };

describe('readCallback, with a long query', () => {
  it.each([
    ['equal names', '&x=1'],
    ['Ion\u2019s names with brackets', '&code['],
    ['question marks', '?'],
    ['separators', '&'],
    ['percent signs', '%'],
    ['plus signs', '+'],
  ])('takes linear time for a megabyte of %s', (_case, piece) => {
    const search = piece.repeat(Math.ceil(1e6 / piece.length));
    expect(callback(`?${search}`)).toEqual(TOO_LONG);
    expect(callback(`?code=a&state=b${search}`)).toEqual(TOO_LONG);
    expect(readCallback({ url: `/login?${search}` }, REDIRECT_URI)).toEqual({ kind: 'none' });
  });

  it('reads 16 KiB, which is enough for four percent-encoded values, and refuses more', () => {
    const encoded = '%41'.repeat(1024);
    const search = `?error=${encoded}&error_description=${encoded}&state=${encoded}&code=${encoded}`;
    expect(callback(search)).toMatchObject({ problem: 'code and error cannot come together' });
    const padding = 'x'.repeat(16_384 - '?code=a&'.length);
    expect(callback(`?code=a&${padding}x`)).toMatchObject({ kind: 'code' });
    expect(callback(`?code=a&${padding}xx`)).toEqual(TOO_LONG);
  });

  it('takes linear time for 100,000 equal names in req.query', () => {
    const read = (query: unknown): Callback =>
      readCallback({ url: '/complete/ion', query }, REDIRECT_URI);
    expect(read({ x: Array(1e5).fill('1'), code: 'a' })).toMatchObject({ kind: 'code' });
    expect(read({ code: Array(1e5).fill('1') }).kind).toBe('malformed');
  });
});

describe('readCallback, by the path of the request', () => {
  const at = (path: string, redirectURI = REDIRECT_URI): string =>
    readCallback({ originalUrl: `${path}?code=a&state=b` }, redirectURI).kind;

  it.each([
    ['the same path', '/complete/ion/'],
    ['without the trailing slash', '/complete/ion'],
    ['in another case', '/Complete/ION/'],
    ['without the front, which a proxy removed', '/ion/'],
    ['without any of it, which a proxy removed', '/'],
    ['with something in front, which a proxy added', '/app/complete/ion'],
    ['as an absolute URL, which clients send to a proxy', 'http://app.example/complete/ion/'],
  ])('reads a callback %s', (_case, path) => {
    expect(at(path)).toBe('code');
    expect(at(path, 'http://localhost:3000/complete/ion')).toBe('code');
  });

  it('reads a callback after a proxy has removed segments from its path', () => {
    const registered = 'https://user.tjhsst.edu/2027jdoe/complete/ion/';
    expect(at('/2027jdoe/complete/ion/', registered)).toBe('code');
    expect(at('/complete/ion/', registered)).toBe('code');
  });

  it.each([
    '/login/ion',
    '/login',
    '/complete',
    '/complete/ion/x',
    '/on/',
    '/xcomplete/ion',
    '/complete/ion//',
  ])('leaves code, state and error to the app at %s', (path) => {
    for (const search of [
      'state=abc',
      'code=invite',
      'error=x',
      'code=a&state=b',
      'code=a&code=b',
      'code=',
    ]) {
      expect([search, readCallback({ originalUrl: `${path}?${search}` }, REDIRECT_URI)]).toEqual([
        search,
        { kind: 'none' },
      ]);
    }
    expect(readCallback({ url: path, query: { code: 'a' } }, REDIRECT_URI).kind).toBe('none');
  });

  it('reads a callback at the root only, if the redirect URI is at the root', () => {
    expect(at('/', 'https://app.example')).toBe('code');
    expect(at('/', 'https://app.example/')).toBe('code');
    expect(at('/login', 'https://app.example/')).toBe('none');
  });

  it('ignores the query of the redirect URI itself', () => {
    expect(at('/complete/ion', 'https://app.example/complete/ion?next=/login')).toBe('code');
  });
});

describe('readCallback, by the method of the request', () => {
  const by = (method: string, search: string): Callback =>
    readCallback({ method, originalUrl: `/complete/ion/${search}` }, REDIRECT_URI);

  it.each(['HEAD', 'POST', 'PUT', 'OPTIONS', 'get'])('refuses a callback by %s', (method) => {
    for (const search of ['?code=a&state=b', '?error=access_denied&state=b']) {
      const problem = 'Ion sends the browser back with GET, and this request has another method';
      expect(by(method, search)).toEqual({ kind: 'malformed', problem });
    }
  });

  it.each(['HEAD', 'POST'])('returns none for %s without the parameters', (method) => {
    expect(by(method, '?next=/lunch')).toEqual({ kind: 'none' });
  });

  it('reads a callback by GET', () => {
    expect(by('GET', '?code=a')).toMatchObject({ kind: 'code' });
  });
});

describe('readCallback, by where the parameters are', () => {
  it('reads the URL, regardless of what a query parser made of it', () => {
    for (const query of [{}, null, undefined, 'x', { code: 'other' }, { code: ['a'] }]) {
      expect(callback('?code=AbC&state=s', query)).toMatchObject({ kind: 'code', code: 'AbC' });
      expect(callback('?x=1', query)).toEqual({ kind: 'none' });
    }
  });

  it('reads the original URL, since a router changes req.url', () => {
    const request = { originalUrl: '/complete/ion/?code=a', url: '/ion?code=b' };
    expect(readCallback(request, REDIRECT_URI)).toMatchObject({ code: 'a' });
    expect(readCallback({ url: '/complete/ion?code=b#code=c' }, REDIRECT_URI)).toMatchObject({
      code: 'b',
    });
  });

  it('reads req.query if the URL has no query', () => {
    const read = (query: unknown): Callback =>
      readCallback({ url: '/complete/ion', query }, REDIRECT_URI);
    expect(read({ code: 'a', state: 'b' })).toEqual({ kind: 'code', code: 'a', state: 'b' });
    expect(read({ code: ['a', 'b'] }).kind).toBe('malformed');
    expect(read({ code: { x: 'a' } }).kind).toBe('malformed');
    expect(read({ code: 5 }).kind).toBe('malformed');
    expect(read({ 'code[x]': '1' }).kind).toBe('malformed');
    expect(read(null)).toEqual({ kind: 'none' });
    expect(read({ code: undefined })).toEqual({ kind: 'none' });
    expect(read(Object.create(null))).toEqual({ kind: 'none' });
  });

  it('returns none for a request without any of these', () => {
    expect(readCallback({}, REDIRECT_URI)).toEqual({ kind: 'none' });
  });
});

describe('readCallback, with any query', () => {
  const name = fc.oneof(
    fc.constantFrom('code', 'state', 'error', 'error_description', 'code[]', 'state[x]', 'next'),
    fc.string(),
  );
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('AbC', '', 'a\0b'));
  const pairs = fc.array(fc.tuple(name, value), { maxLength: 5 });
  const search = fc.oneof(
    pairs.map((entries) => new URLSearchParams(entries).toString()),
    fc.webQueryParameters(),
    fc.string({ unit: 'binary' }),
  );

  it('returns one of the four kinds, without control characters', () => {
    fc.assert(
      fc.property(search, fc.anything(), (text, query) => {
        const read = callback(`?${text}`, query);
        const { kind, ...rest } = read;
        expect(['none', 'malformed', 'code', 'error']).toContain(kind);
        for (const each of Object.values(rest)) expect(each ?? '').toMatch(/^\P{Cc}{0,1024}$/u);
        const has = (parameter: string): boolean =>
          new URLSearchParams(text.split('#')[0]).has(parameter);
        if (kind === 'none') expect(['code', 'state', 'error'].some(has)).toBe(false);
        if (kind === 'code') expect([has('code'), has('error')]).toEqual([true, false]);
        if (kind === 'error') expect([has('code'), has('error')]).toEqual([false, true]);
      }),
      numberOfRuns(2000),
    );
  });

  it('reads the same from the URL and from what a simple query parser makes of it', () => {
    fc.assert(
      fc.property(pairs, (entries) => {
        const parameters = new URLSearchParams(entries);
        const query = Object.fromEntries(
          [...new Set(parameters.keys())].map((key) => {
            const values = parameters.getAll(key);
            return [key, values.length === 1 ? values[0] : values];
          }),
        );
        const byQuery = readCallback({ url: '/', query }, REDIRECT_URI);
        const byURL = readCallback({ url: `/?${parameters.toString()}` }, REDIRECT_URI);
        expect(byQuery.kind).toBe(byURL.kind);
        // If there are several problems, reading the URL and reading `query` might each find a different one
        // first.
        if (byURL.kind !== 'malformed') expect(byQuery).toEqual(byURL);
      }),
    );
  });

  it('accepts anything as req.query', () => {
    fc.assert(
      fc.property(fc.anything(), (query) => {
        expect(['none', 'malformed', 'code', 'error']).toContain(
          readCallback({ query }, REDIRECT_URI).kind,
        );
      }),
    );
  });
});
