import fc from 'fast-check';

import { readCallback } from '../../lib/sign-in/callback.js';
import type { Callback } from '../../lib/sign-in/callback.js';

function callback(search: string, query: unknown = {}): Callback {
  return readCallback({ originalUrl: `/complete/ion/${search}`, url: '/', query });
}

describe('a callback', () => {
  it('with a code gives it, and the state', () => {
    expect(callback('?code=AbC&state=xyz')).toEqual({ kind: 'code', code: 'AbC', state: 'xyz' });
  });

  it('may lack the state', () => {
    expect(callback('?code=AbC')).toEqual({ kind: 'code', code: 'AbC', state: undefined });
    expect(callback('?error=access_denied')).toEqual({
      kind: 'error',
      error: 'access_denied',
      description: undefined,
      state: undefined,
    });
  });

  it('with an error gives it, its description and the state', () => {
    const search = '?error=invalid_request&error_description=Missing+r%C3%A9sponse_type.&state=xyz';
    expect(callback(search)).toEqual({
      kind: 'error',
      error: 'invalid_request',
      description: 'Missing résponse_type.',
      state: 'xyz',
    });
  });

  it('is decoded as a form, as Ion encodes it', () => {
    expect(callback('?code=x&state=a+b%26c%3Dd%2F%2B%25')).toMatchObject({ state: 'a b&c=d/+%' });
  });

  it('with none of the parameters begins a new login, whatever else it has', () => {
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

  it('keeps parameters of others, which mean nothing', () => {
    expect(callback('?code=AbC&state=xyz&next=/a&next=/b&x[y]=%00')).toMatchObject({
      kind: 'code',
    });
  });

  it('may be as long as 1024 characters', () => {
    const longest = 'x'.repeat(1024);
    const search = `?code=${longest}&state=${longest}`;
    expect(callback(search)).toEqual({ kind: 'code', code: longest, state: longest });
    const error = `?error=x&error_description=${longest}`;
    expect(callback(error)).toMatchObject({ description: longest });
  });
});

describe('what Ion never sends', () => {
  const names = ['code', 'state', 'error', 'error_description'];
  const changes: [string, (name: string) => string, string][] = [
    ['twice', (name) => `${name}=a&${name}=b`, 'is there more than once'],
    ['twice the same', (name) => `${name}=a&${name}=a`, 'is there more than once'],
    ['as an array', (name) => `${name}[]=a`, 'is there more than once'],
    ['as an array with index', (name) => `${name}[0]=a`, 'is there more than once'],
    ['as an object', (name) => `${name}[x]=1`, 'is there more than once'],
    ['as an object, encoded', (name) => `${name}%5Bx%5D=1`, 'is there more than once'],
    ['as an object with a dot', (name) => `${name}.x=1`, 'is there more than once'],
    ['both ways', (name) => `${name}=1&${name}[x]=1`, 'is there more than once'],
    ['too long', (name) => `${name}=${'x'.repeat(1025)}`, 'is too long'],
  ];
  const characters: [string, string][] = [
    ['NUL', 'a%00b'],
    ['a line break', 'a%0D%0Ab'],
    ['a delete', 'a%7Fb'],
    ['a control character of the second set', 'a%C2%85b'],
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
      const problem = expect.stringMatching(`^${name} holds a (control )?character`) as unknown;
      expect(read).toEqual({ kind: 'malformed', problem });
    });
  });

  it.each(['code', 'state', 'error'])('%s that is empty', (name) => {
    expect(callback(`?${name}=`)).toEqual({ kind: 'malformed', problem: `${name} is empty` });
    expect(callback(`?${name}`)).toEqual({ kind: 'malformed', problem: `${name} is empty` });
  });

  it.each(['code', 'state', 'error'])('%s beyond ASCII, or in broken UTF-8', (name) => {
    for (const value of ['%C3%A9', '%FF', 'é', '%E2%80%AE']) {
      const problem = `${name} holds a character that Ion never sends`;
      expect(callback(`?${name}=${value}`)).toEqual({ kind: 'malformed', problem });
    }
  });

  it('a code and an error at once', () => {
    expect(callback('?code=a&error=b&state=c')).toEqual({
      kind: 'malformed',
      problem: 'code and error exclude each other',
    });
  });

  it('a state with neither code nor error', () => {
    const problem = 'state comes with neither code nor error';
    expect(callback('?state=abc')).toEqual({ kind: 'malformed', problem });
    expect(callback('?state=abc&error_description=x')).toEqual({ kind: 'malformed', problem });
  });

  it('is named without being repeated', () => {
    expect(JSON.stringify(callback('?code=%00<script>&state=s'))).not.toContain('script');
  });
});

describe('the request', () => {
  it('is read by its URL, whatever a query parser made of it', () => {
    for (const query of [{}, null, undefined, 'x', { code: 'other' }, { code: ['a'] }]) {
      expect(callback('?code=AbC&state=s', query)).toMatchObject({ kind: 'code', code: 'AbC' });
      expect(callback('?x=1', query)).toEqual({ kind: 'none' });
    }
  });

  it('is read by its original URL, since a router changes the other', () => {
    const request = { originalUrl: '/app/complete?code=a', url: '/complete?code=b' };
    expect(readCallback(request)).toMatchObject({ code: 'a' });
    expect(readCallback({ url: '/complete?code=b#code=c' })).toMatchObject({ code: 'b' });
  });

  it('is read by its query where the URL has none', () => {
    const read = (query: unknown): Callback => readCallback({ url: '/complete', query });
    expect(read({ code: 'a', state: 'b' })).toEqual({ kind: 'code', code: 'a', state: 'b' });
    expect(read({ code: ['a', 'b'] }).kind).toBe('malformed');
    expect(read({ code: { x: 'a' } }).kind).toBe('malformed');
    expect(read({ code: 5 }).kind).toBe('malformed');
    expect(read({ 'code[x]': '1' }).kind).toBe('malformed');
    expect(read(null)).toEqual({ kind: 'none' });
    expect(read({ code: undefined })).toEqual({ kind: 'none' });
    expect(read(Object.create(null))).toEqual({ kind: 'none' });
  });

  it('may lack everything', () => {
    expect(readCallback({})).toEqual({ kind: 'none' });
  });
});

describe('any query at all', () => {
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

  it('is read as one of the four kinds, and passes no control character', () => {
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
      { numRuns: 2000 },
    );
  });

  it('is read alike by its URL and by the query that a plain parser makes of it', () => {
    fc.assert(
      fc.property(pairs, (entries) => {
        const parameters = new URLSearchParams(entries);
        const query = Object.fromEntries(
          [...new Set(parameters.keys())].map((key) => {
            const values = parameters.getAll(key);
            return [key, values.length === 1 ? values[0] : values];
          }),
        );
        const byQuery = readCallback({ url: '/', query });
        expect(byQuery).toEqual(readCallback({ url: `/?${parameters.toString()}` }));
      }),
    );
  });

  it('may be anything where the URL has none', () => {
    fc.assert(
      fc.property(fc.anything(), (query) => {
        expect(['none', 'malformed', 'code', 'error']).toContain(readCallback({ query }).kind);
      }),
    );
  });
});
