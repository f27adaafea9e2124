// Tests that people go only to this app's own pages after a sign-in.

import { pathOfThisApp } from '../../example-app/src/sign-in/routes.js';
import { fc, numberOfRuns } from '../support/fast-check.js';

describe('pathOfThisApp', () => {
  it.each([
    ['/', '/'],
    ['/today', '/today'],
    ['/today?day=1&x=%2F', '/today?day=1&x=%2F'],
    ['/today#schedule', '/today#schedule'],
    ['/a/../today', '/today'],
  ])('keeps %j, as %j', (path, expected) => {
    expect(pathOfThisApp({ baseUrl: '' }, path)).toBe(expected);
  });

  it.each([
    'https://evil.example/',
    '//evil.example/',
    '///evil.example/',
    '/\\evil.example/',
    '\\\\evil.example/',
    '/\t/evil.example/',
    '\n//evil.example/',
    '/.//evil.example/',
    '/a/..//evil.example/',
    '/%2e//evil.example/',
    '/%2f/evil.example/',
    '/%5cevil.example/',
    'javascript:alert(1)',
    'data:text/html,x',
    'http://[',
    `/${'a'.repeat(500)}`,
  ])('replaces %j with the home page', (path) => {
    expect(pathOfThisApp({ baseUrl: '' }, path)).toBe('/');
  });

  it.each([undefined, null, 5, ['/today', '/today'], { path: '/today' }])(
    'replaces %j with the home page',
    (path) => {
      expect(pathOfThisApp({ baseUrl: '' }, path)).toBe('/');
    },
  );

  describe('for an app under a path', () => {
    const request = { baseUrl: '/2027jdoe' };

    it.each(['/2027jdoe/', '/2027jdoe/today?x=1'])('keeps %j', (path) => {
      expect(pathOfThisApp(request, path)).toBe(path);
    });

    it.each([
      '/',
      '/2027other/',
      '/2027jdoe',
      '/2027jdoe2/',
      '/2027jdoe/../2027other/',
      '/2027jdoe/%2e%2e/2027other/',
      '/2027jdoe/..%2f2027other/',
      '/2027jdoe/..%5c2027other/',
    ])('refuses %j, which another site might serve', (path) => {
      expect(pathOfThisApp(request, path)).toBe('/2027jdoe/');
    });
  });

  it('never leads to another site, whatever is in a link', () => {
    const pieces = fc.constantFrom(
      '/',
      '\\',
      '.',
      '..',
      '%2f',
      '%5c',
      '%2e',
      '\t',
      '\n',
      ' ',
      '@',
      ':',
      '?',
      '#',
      'evil.example',
      'http:',
      'x',
    );
    const links = fc.oneof(
      fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join('')),
      fc.webUrl(),
      fc.string({ unit: 'binary' }),
    );
    fc.assert(
      fc.property(links, fc.constantFrom('', '/2027jdoe'), (link, baseUrl) => {
        const path = pathOfThisApp({ baseUrl }, link);
        // Resolve the path as a browser resolves the app's Location header.
        const url = new URL(path, 'https://user.tjhsst.edu/2027jdoe/complete/ion/');
        expect(url.origin).toBe('https://user.tjhsst.edu');
        expect(url.pathname.startsWith(`${baseUrl}/`)).toBe(true);
        expect(url.pathname).not.toMatch(/^\/\/|%2f|%5c/i);
        expect(url.href.slice(url.origin.length)).toBe(path);
      }),
      numberOfRuns(1000),
    );
  });
});
