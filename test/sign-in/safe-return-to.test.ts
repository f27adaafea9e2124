import { safeReturnTo } from 'passport-ion';
import { fc, numberOfRuns } from '../support/fast-check.js';

describe('safeReturnTo', () => {
  it.each([
    '/',
    '/today',
    '/today?day=1&x=%2F&y=//evil.example&z=%0A',
    '/today#schedule',
    '/a//b/',
    '/:80/@evil.example',
    '/.well-known/x',
  ])('returns a path of this site: %j', (path) => {
    expect(safeReturnTo(path, '/home')).toBe(path);
  });

  it('returns a path of 500 characters', () => {
    const path = `/${'a'.repeat(499)}`;
    expect(safeReturnTo(path, '/home')).toBe(path);
  });

  it.each([
    ['/a/../today', '/today'],
    ['/%2e%2e/today', '/today'],
    ['/2027jdoe/../2027other/', '/2027other/'],
    ['/a\\b', '/a/b'],
    ['/a page?q=a b#c d', '/a%20page?q=a%20b#c%20d'],
    ['/Zoë', '/Zo%C3%AB'],
  ])('writes the path like a browser: %j becomes %j', (path, expected) => {
    expect(safeReturnTo(path, '/home')).toBe(expected);
  });

  it.each([
    ['another site', 'https://evil.example/'],
    ['another site without a scheme', '//evil.example/'],
    ['three slashes', '///evil.example/'],
    ['a backslash, which browsers take for a slash', '/\\evil.example/'],
    ['two backslashes', '\\\\evil.example/'],
    ['a tab, which browsers drop', '/\t/evil.example/'],
    ['a line break, which browsers drop', '/\n/evil.example/'],
    ['a line break at the start', '\n//evil.example/'],
    ['a header after a line break', '/today\r\nset-cookie: a=b'],
    ['a NUL', '/today\0'],
    ['a C1 control character', '/today\u0085'],
    ['a space at the start', ' /today'],
    ['a dot before the slashes', '/.//evil.example/'],
    ['two dots before the slashes', '/a/..//evil.example/'],
    ['an encoded dot before the slashes', '/%2e//evil.example/'],
    ['an encoded slash', '/%2f/evil.example/'],
    ['an encoded slash after dots', '/2027jdoe/..%2F2027other/'],
    ['an encoded backslash', '/%5cevil.example/'],
    ['an encoded line break', '/%0d%0aset-cookie:a=b'],
    ['an encoded control character from beyond ASCII', '/lunch%C2%85set-cookie:a=b'],
    ['an encoded tab', '/%09/evil.example'],
    ['another scheme', 'javascript:alert(1)'],
    ['another scheme that has data', 'data:text/html,x'],
    ['a relative path', 'today'],
    ['a relative path up', '../today'],
    ['an empty text', ''],
    ['a text that the URL parser rejects', '//['],
    ['501 characters', `/${'a'.repeat(500)}`],
    ['more than 500 characters once encoded', `/${'ë'.repeat(100)}`],
  ])('refuses %s', (_case, path) => {
    expect(safeReturnTo(path)).toBe('/');
    expect(safeReturnTo(path, '/home')).toBe('/home');
  });

  it.each<unknown>([
    undefined,
    null,
    5,
    true,
    { path: '/today' },
    { toString: () => '/today' },
    new String('/today'),
  ])('refuses anything but a string: %p', (value) => {
    expect(safeReturnTo(value, '/home')).toBe('/home');
  });

  it('refuses a list, which a query parser makes from a name that appears twice', () => {
    expect(safeReturnTo(['/today'], '/home')).toBe('/home');
  });

  it('refuses 10 million characters', () => {
    for (const character of ['/', '\\', '%2f', '../', '\t', 'ë']) {
      expect(safeReturnTo(`/${character.repeat(1e7)}`)).toBe('/');
    }
  });

  describe('safeReturnTo, with any value', () => {
    const pieces = fc.constantFrom(
      ...['/', '\\', '.', '..', '%2f', '%5c', '%2e', '%0a', '\t', '\n', '\r', '\0', ' ', '\u3000'],
      ...['@', ':', '?', '#', 'evil.example', 'http:', 'x', 'ë', '\ud800', '\u2028', '。'],
    );
    const links = fc.oneof(
      fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
      fc.array(pieces, { maxLength: 12 }).map((parts) => `/${parts.join('')}`),
      fc.webUrl(),
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'binary' }).map((text) => `/${text}`),
    );
    const bases = fc.constantFrom(
      'https://app.example/complete/ion/',
      'http://localhost:3000/',
      'https://user.tjhsst.edu/2027jdoe/complete/ion/?code=x#y',
    );

    it('returns a path of the same site, in the form in which a browser writes it', () => {
      fc.assert(
        fc.property(links, bases, (link, base) => {
          const path = safeReturnTo(link);
          const url = new URL(path, base);
          expect(url.origin).toBe(new URL(base).origin);
          expect(url.href).toBe(url.origin + path);
          expect(path).toMatch(/^\/(?![/\\])[\x21-\x7e]{0,499}$/);
          expect(path).not.toMatch(/^[^?#]*(\\|%2f|%5c|%0)/i);
        }),
        numberOfRuns(5000),
      );
    });

    it('returns its own result unchanged', () => {
      fc.assert(
        fc.property(links, (link) => {
          const path = safeReturnTo(link);
          expect(safeReturnTo(path, '/home')).toBe(path);
        }),
        numberOfRuns(2000),
      );
    });
  });
});
