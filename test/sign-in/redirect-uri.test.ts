import { Socket } from 'node:net';

import { redirectURIFor } from '../../lib/sign-in/redirect-uri.js';
import type { AddressedRequest } from '../../lib/sign-in/request-address.js';

const PATH = '/complete/ion/';

function sentTo(host: string, more: object = {}): AddressedRequest {
  return { headers: { host }, socket: new Socket(), ...more };
}

function refusal(message: RegExp, status = 421): Error {
  return expect.objectContaining({
    name: 'IonOriginError',
    code: 'ERR_ION_ORIGIN',
    status,
    message: expect.stringMatching(message) as string,
  }) as Error;
}

const environment = process.env['NODE_ENV'];
function setEnvironment(name: string): void {
  process.env['NODE_ENV'] = name;
}
afterEach(() => {
  setEnvironment(environment ?? 'test');
});

describe.each(['production', 'development'])('redirectURIFor, in %s', (name) => {
  beforeEach(() => {
    setEnvironment(name);
  });

  it.each(['https://app.example/complete/ion/', 'http://localhost:3000/x?y=1'])(
    'returns the one URL unchanged, for any request: %s',
    (url) => {
      for (const host of ['evil.example', 'localhost:3000', 'evil example', '']) {
        expect(redirectURIFor(sentTo(host, { baseUrl: '/app' }), url, true)).toBe(url);
      }
    },
  );

  describe('with a list of URLs', () => {
    const list = [
      'https://lunch.example/complete/ion/',
      'HTTPS://Lunch.Sites.Example:443/complete/ion',
      'http://lunch.example:8080/complete/ion/?x=1',
    ];
    const https = { 'x-forwarded-proto': 'https' };
    const behindProxy = (host: string): AddressedRequest => ({
      ...sentTo(host),
      headers: { host: 'inner:3000', 'x-forwarded-host': host, ...https },
    });

    it('returns the one with the origin of the request, unchanged', () => {
      expect(redirectURIFor(behindProxy('lunch.example'), list, true)).toBe(list[0]);
      expect(redirectURIFor(behindProxy('lunch.sites.example'), list, true)).toBe(list[1]);
      expect(redirectURIFor(sentTo('lunch.example:8080'), list, false)).toBe(list[2]);
    });

    it('compares origins in the form in which a browser writes them', () => {
      expect(redirectURIFor(behindProxy('LUNCH.example:443'), list, true)).toBe(list[0]);
    });

    it('does not add the mount path', () => {
      const mounted = sentTo('lunch.example:8080', { baseUrl: '/app' });
      expect(redirectURIFor(mounted, list, false)).toBe(list[2]);
    });

    it.each([
      'localhost:3000',
      'lunch.example',
      'lunch.example:8081',
      'lunch.example.evil.example',
      'evil.example',
      'lunch.example.',
    ])('refuses a request sent to http://%s', (host) => {
      expect(() => redirectURIFor(sentTo(host), list, false)).toThrow(
        refusal(
          new RegExp(
            `sent to http://${host}, but callbackURL lists only URLs at https://lunch.example, https://lunch.sites.example, http://lunch.example:8080; if people use the app at http://${host}, register a URL there with Ion and add it to callbackURL\\. .*trust proxy`,
          ),
        ),
      );
    });

    it('does not believe X-Forwarded headers from anyone', () => {
      expect(() => redirectURIFor(behindProxy('lunch.example'), list, false)).toThrow(
        refusal(/sent to http:\/\/inner:3000/),
      );
    });

    it('refuses a request without a usable host', () => {
      expect(() => redirectURIFor(sentTo('evil example'), list, false)).toThrow(
        refusal(/names no host/, 400),
      );
    });

    it('accepts a list of only loopback URLs', () => {
      const local = ['http://localhost:3000/complete/ion/', 'http://127.0.0.1:3000/complete/ion/'];
      expect(redirectURIFor(sentTo('127.0.0.1:3000'), local, false)).toBe(local[1]);
    });
  });

  describe('with a path', () => {
    it('completes it with the origin of the request', () => {
      expect(redirectURIFor(sentTo('App.Example:80'), PATH, false)).toBe(
        'http://app.example/complete/ion/',
      );
    });

    it.each([
      ['', '/complete/ion/', '/complete/ion/'],
      ['/app', '/complete/ion/', '/app/complete/ion/'],
      ['/app', '/app/complete/ion/', '/app/complete/ion/'],
      ['/app', '/app', '/app'],
      ['/App', '/app/complete/ion/', '/app/complete/ion/'],
      ['/app', '/apple/complete', '/app/apple/complete'],
      ['/2027jdoe/app', '/complete/ion', '/2027jdoe/app/complete/ion'],
      ['/2027jdoe/app', '/app/complete/ion', '/2027jdoe/app/app/complete/ion'],
    ])('and the mount path %j, turns %s into %s', (baseUrl, callbackURL, path) => {
      const mounted = sentTo('app.example', { baseUrl });
      expect(redirectURIFor(mounted, callbackURL, false)).toBe(`http://app.example${path}`);
    });

    it('refuses a request without a usable host', () => {
      expect(() => redirectURIFor(sentTo('evil example'), PATH, false)).toThrow(
        refusal(/names no host/, 400),
      );
    });
  });
});

describe('redirectURIFor, for a request sent to a loopback host', () => {
  const hosts = [
    'localhost:3000',
    'LOCALHOST',
    'localhost.',
    'app.localhost',
    '127.0.0.1:3000',
    '127.9.9.9',
    '127.1',
    '0x7f.1',
    '2130706433',
    '[::1]:3000',
    '0.0.0.0',
    '[::]:3000',
    '[::ffff:127.0.0.1]',
    '[::ffff:0.0.0.0]',
  ];
  const mixed = hosts.map((host) => `http://${host}/complete/ion/`);

  it.each(hosts)('completes a path in development: %s', (host) => {
    setEnvironment('development');
    expect(redirectURIFor(sentTo(host), PATH, false)).toMatch(/^http:.*\/complete\/ion\/$/);
  });

  it.each(hosts)('refuses to complete a path in production: %s', (host) => {
    setEnvironment('production');
    expect(() => redirectURIFor(sentTo(host), PATH, false)).toThrow(
      refusal(
        /while NODE_ENV is production nobody is sent back to a loopback host; set callbackURL to the full URL that is registered with Ion/,
      ),
    );
  });

  it.each(hosts)('refuses it in production from a list that has other hosts too: %s', (host) => {
    setEnvironment('production');
    const list = [...mixed, 'https://lunch.example/complete/ion/'];
    expect(() => redirectURIFor(sentTo(host), list, false)).toThrow(refusal(/nobody is sent back/));
    setEnvironment('development');
    expect(list).toContain(redirectURIFor(sentTo(host), list, false));
  });

  it.each(['127.evil.example', 'localhost.evil.example', 'notlocalhost', '128.0.0.1', '[::2]'])(
    'does not treat %s as a loopback host',
    (host) => {
      setEnvironment('production');
      expect(redirectURIFor(sentTo(host), PATH, false)).toBe(`http://${host}/complete/ion/`);
    },
  );
});
