import http = require('node:http');
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

import express = require('express');
import fc from 'fast-check';

import { redirectURIFor } from '../../lib/sign-in/redirect-uri.js';
import type { RedirectRequest } from '../../lib/sign-in/redirect-uri.js';

const PATH = '/complete/ion/';

function request(
  headers: http.IncomingHttpHeaders,
  more: Partial<Omit<RedirectRequest, 'headers'>> = {},
): RedirectRequest {
  return { headers, socket: new Socket(), ...more };
}

/** What Express makes of its `trust proxy` setting. */
function trusting(trusts: unknown): Pick<RedirectRequest, 'app'> {
  return { app: { get: (setting) => (setting === 'trust proxy fn' ? trusts : undefined) } };
}

const FORWARDED = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example' };

describe('a callback URL', () => {
  it('that is absolute is taken as it is, whatever the request', () => {
    for (const url of ['https://app.example/complete/ion/', 'http://localhost:3000/x?y=1']) {
      const proxied = request({ host: 'evil example', ...FORWARDED }, { baseUrl: '/app' });
      expect(redirectURIFor(proxied, url, true)).toBe(url);
    }
  });

  it.each([
    ['localhost:3000', 'http://localhost:3000/complete/ion/'],
    ['App.Example', 'http://app.example/complete/ion/'],
    ['app.example:80', 'http://app.example/complete/ion/'],
    ['127.0.0.1:8080', 'http://127.0.0.1:8080/complete/ion/'],
    ['[::1]:8080', 'http://[::1]:8080/complete/ion/'],
    ['my_app.example', 'http://my_app.example/complete/ion/'],
  ])('that is a path is completed from the Host: %s', (host, expected) => {
    expect(redirectURIFor(request({ host }), PATH, false)).toBe(expected);
  });

  it('is https where the connection is', () => {
    const socket = new TLSSocket(new Socket());
    const encrypted = request({ host: 'app.example:443' }, { socket });
    expect(redirectURIFor(encrypted, PATH, false)).toBe('https://app.example/complete/ion/');
    const plain = request({ host: 'app.example:443' });
    expect(redirectURIFor(plain, PATH, false)).toBe('http://app.example:443/complete/ion/');
  });

  it.each([
    ['no Host', undefined],
    ['an empty one', ''],
    ['one with a path', 'app.example/evil'],
    ['one with a query', 'app.example?x'],
    ['one with a fragment', 'app.example#'],
    ['one with a name and password', 'me:pass@evil.example'],
    ['one with an at sign', '@evil.example'],
    ['one with white space', 'app.example evil'],
    ['one with a line break', 'app.example\r\nx: y'],
    ['one with a backslash', 'app.example\\evil'],
    ['one in percents', 'app%2eexample'],
    ['one that is no ASCII', 'äpp.example'],
    ['one with a port that is none', 'app.example:99999'],
    ['one with two ports', 'app.example:1:2'],
    ['one with half an address', '[::1'],
    ['a list', 'a.example, b.example'],
  ])('has nothing to be completed from where there is %s', (_case, host) => {
    expect(redirectURIFor(request({ host }), PATH, false)).toBeUndefined();
  });
});

describe('under a mount path', () => {
  it.each([
    ['', '/complete/ion/', '/complete/ion/'],
    ['/app', '/complete/ion/', '/app/complete/ion/'],
    ['/app', '/app/complete/ion/', '/app/complete/ion/'],
    ['/app', '/app', '/app'],
    ['/App', '/app/complete/ion/', '/app/complete/ion/'],
    ['/app', '/apple/complete', '/app/apple/complete'],
    ['/2027jdoe/app', '/complete/ion', '/2027jdoe/app/complete/ion'],
    ['/2027jdoe/app', '/app/complete/ion', '/2027jdoe/app/app/complete/ion'],
  ])('%j, the callback URL %s leads to %s', (baseUrl, callbackURL, path) => {
    const mounted = request({ host: 'app.example' }, { baseUrl });
    expect(redirectURIFor(mounted, callbackURL, false)).toBe(`http://app.example${path}`);
  });

  it.each([undefined, null, 5, {}])('that is none (%p), it counts from the root', (baseUrl) => {
    const odd = request({ host: 'app.example' }, { baseUrl });
    expect(redirectURIFor(odd, PATH, false)).toBe('http://app.example/complete/ion/');
  });
});

describe('behind a proxy', () => {
  const proxied = (more = {}): RedirectRequest =>
    request({ host: 'inner:3000', ...FORWARDED, ...more });

  it('what it forwards is not believed by default', () => {
    expect(redirectURIFor(proxied(), PATH, false)).toBe('http://inner:3000/complete/ion/');
  });

  it('it is believed with the option proxy', () => {
    expect(redirectURIFor(proxied(), PATH, true)).toBe('https://app.example/complete/ion/');
  });

  it('it is believed where Express trusts the address that it came from', () => {
    // The cast: what Object.create gives is of the type any.
    const socket = Object.create(new Socket(), { remoteAddress: { value: '10.1.1.1' } }) as Socket;
    const trusts = (address: unknown, distance: unknown): boolean =>
      address === '10.1.1.1' && distance === 0;
    const from = { ...proxied(), ...trusting(trusts), socket };
    expect(redirectURIFor(from, PATH, false)).toBe('https://app.example/complete/ion/');
    const others = { ...proxied(), ...trusting(trusts) };
    expect(redirectURIFor(others, PATH, false)).toBe('http://inner:3000/complete/ion/');
  });

  it.each([undefined, null, 'loopback', true, () => 'yes', () => undefined])(
    'it is not believed where the app of another framework says %p',
    (trusts) => {
      const odd = { ...proxied(), ...trusting(trusts) };
      expect(redirectURIFor(odd, PATH, false)).toBe('http://inner:3000/complete/ion/');
    },
  );

  it.each([{}, { get: undefined }, undefined])('the app may be %p', (app) => {
    // The cast: the types do not allow `get: undefined`.
    const odd = { ...proxied(), app: app as RedirectRequest['app'] };
    expect(redirectURIFor(odd, PATH, false)).toBe('http://inner:3000/complete/ion/');
  });

  it("the first of several is the browser's", () => {
    const chain = {
      'x-forwarded-proto': 'https, http',
      'x-forwarded-host': ' App.Example:443 , inner.example',
    };
    expect(redirectURIFor(proxied(chain), PATH, true)).toBe('https://app.example/complete/ion/');
  });

  it('what it leaves out comes from the request', () => {
    const only = (kept: string): RedirectRequest =>
      request({ host: 'inner:3000', [kept]: FORWARDED[kept as keyof typeof FORWARDED] });
    expect(redirectURIFor(only('x-forwarded-proto'), PATH, true)).toBe(
      'https://inner:3000/complete/ion/',
    );
    expect(redirectURIFor(only('x-forwarded-host'), PATH, true)).toBe(
      'http://app.example/complete/ion/',
    );
    const empty = proxied({ 'x-forwarded-proto': '', 'x-forwarded-host': '' });
    expect(redirectURIFor(empty, PATH, true)).toBe('http://inner:3000/complete/ion/');
  });

  it.each(['javascript', 'ftp', 'https:', 'httpsx', 'wss', 'http://evil'])(
    'no other scheme is taken: %s',
    (scheme) => {
      const odd = proxied({ 'x-forwarded-proto': scheme });
      expect(redirectURIFor(odd, PATH, true)).toBeUndefined();
    },
  );

  it('the scheme may be in upper case', () => {
    const shouting = proxied({ 'x-forwarded-proto': 'HTTPS' });
    expect(redirectURIFor(shouting, PATH, true)).toBe('https://app.example/complete/ion/');
  });
});

describe('any request at all', () => {
  const header = fc.option(
    fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.domain(),
      fc.webAuthority({ withIPv4: true, withIPv6: true, withPort: true, withUserInfo: true }),
      fc.webUrl(),
      fc.constantFrom('https', 'javascript:', 'evil.example/\t', 'a.example, b.example'),
    ),
    { nil: undefined },
  );

  it('leads to nowhere but the path, by http or https, at a host alone', () => {
    fc.assert(
      fc.property(header, header, header, fc.boolean(), (host, proto, forwarded, proxy) => {
        const headers = { host, 'x-forwarded-proto': proto, 'x-forwarded-host': forwarded };
        const uri = redirectURIFor(request(headers), PATH, proxy);
        if (uri === undefined) return;
        const { protocol, pathname, search, hash, username, password, href } = new URL(uri);
        expect(['http:', 'https:']).toContain(protocol);
        expect([pathname, search, hash, username, password]).toEqual([PATH, '', '', '', '']);
        expect(href).toBe(uri);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('in a real Express app', () => {
  async function askedOf(
    setUp: (app: express.Express, answer: express.RequestHandler) => void,
    path: string,
    headers: Record<string, string> = {},
  ): Promise<string> {
    const app = express();
    setUp(app, (req, res) => {
      res.send(redirectURIFor(req, PATH, false));
    });
    const server = http.createServer(app).listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      // The cast: a server that listens on a port has an address with one.
      const { port } = server.address() as AddressInfo;
      const response = await fetch(`http://127.0.0.1:${port}${path}`, { headers });
      return (await response.text()).replace(`:${port}`, ':PORT');
    } finally {
      server.close();
      server.closeAllConnections();
    }
  }

  it('a router under a router gives its whole mount path', async () => {
    const uri = await askedOf((app, answer) => {
      const [outer, inner] = [express.Router(), express.Router()];
      inner.get('/login', answer);
      outer.use('/app', inner);
      app.use('/2027jdoe', outer);
    }, '/2027jdoe/app/login?x=1');
    expect(uri).toBe('http://127.0.0.1:PORT/2027jdoe/app/complete/ion/');
  });

  it('an app under an app inherits its trust', async () => {
    const uri = await askedOf(
      (app, answer) => {
        app.set('trust proxy', 'loopback');
        app.use('/app', express().get('/login', answer));
      },
      '/app/login',
      FORWARDED,
    );
    expect(uri).toBe('https://app.example/app/complete/ion/');
  });

  it.each<[unknown, string]>([
    [true, 'https://app.example/complete/ion/'],
    [1, 'https://app.example/complete/ion/'],
    ['loopback', 'https://app.example/complete/ion/'],
    ['10.0.0.0/8', 'http://127.0.0.1:PORT/complete/ion/'],
    [false, 'http://127.0.0.1:PORT/complete/ion/'],
  ])('with trust proxy %p', async (setting, expected) => {
    const uri = await askedOf(
      (app, answer) => {
        app.set('trust proxy', setting).get('/login', answer);
      },
      '/login',
      FORWARDED,
    );
    expect(uri).toBe(expected);
  });
});
