import http = require('node:http');
import http2 = require('node:http2');
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

import express4 from 'express4';
import express5 from 'express';

import { mountPathOf, originOf } from '../../lib/sign-in/request-address.js';
import type { AddressedRequest } from '../../lib/sign-in/request-address.js';
import { fc, numberOfRuns } from '../support/fast-check.js';

function request(
  headers: http.IncomingHttpHeaders,
  more: Partial<Omit<AddressedRequest, 'headers'>> = {},
): AddressedRequest {
  return { headers, socket: new Socket(), ...more };
}

/** Makes an app with this function in place of the one that Express makes from its `trust proxy` setting. */
function trusting(trusts: unknown): Pick<AddressedRequest, 'app'> {
  return { app: { get: (setting) => (setting === 'trust proxy fn' ? trusts : undefined) } };
}

const FORWARDED = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'app.example' };
const UNUSABLE = expect.objectContaining({ code: 'ERR_ION_ORIGIN', status: 400 }) as Error;

describe('originOf', () => {
  it.each([
    ['localhost:3000', 'http://localhost:3000'],
    ['App.Example', 'http://app.example'],
    ['app.example:80', 'http://app.example'],
    ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['[::1]:8080', 'http://[::1]:8080'],
    ['my_app.example', 'http://my_app.example'],
  ])('returns the Host in the form in which a browser writes it: %s', (host, expected) => {
    expect(originOf(request({ host }), false)).toBe(expected);
  });

  it('is https if the connection is', () => {
    const socket = new TLSSocket(new Socket());
    expect(originOf(request({ host: 'app.example:443' }, { socket }), false)).toBe(
      'https://app.example',
    );
    expect(originOf(request({ host: 'app.example:443' }), false)).toBe('http://app.example:443');
  });

  it.each([
    ['no Host', undefined],
    ['an empty Host', ''],
    ['a path in the Host', 'app.example/evil'],
    ['a query in the Host', 'app.example?x'],
    ['a fragment in the Host', 'app.example#'],
    ['a name and password in the Host', 'me:pass@evil.example'],
    ['an at sign in the Host', '@evil.example'],
    ['whitespace in the Host', 'app.example evil'],
    ['a line break in the Host', 'app.example\r\nx: y'],
    ['a backslash in the Host', 'app.example\\evil'],
    ['percent-encoding in the Host', 'app%2eexample'],
    ['a Host beyond ASCII', 'äpp.example'],
    ['a port that is too large', 'app.example:99999'],
    ['two ports', 'app.example:1:2'],
    ['half an address', '[::1'],
    ['a list of Hosts', 'a.example, b.example'],
    ['a Host of 260 characters', 'a'.repeat(260)],
  ])('refuses a request with %s', (_case, host) => {
    expect(() => originOf(request({ host }), false)).toThrow(UNUSABLE);
  });

  it('does not repeat a Host that it refuses', () => {
    expect(() => originOf(request({ host: '<script>' }), false)).toThrow(
      expect.objectContaining({
        message: expect.not.stringContaining('script') as string,
      }) as Error,
    );
  });

  it('refuses headers of a megabyte', () => {
    for (const host of ['a'.repeat(1e6), '.'.repeat(1e6), `${' '.repeat(1e6)}x`, ','.repeat(1e6)]) {
      const hostile = request({ host, 'x-forwarded-host': host, 'x-forwarded-proto': host });
      expect(() => originOf(hostile, false)).toThrow(UNUSABLE);
      expect(() => originOf(hostile, true)).toThrow(UNUSABLE);
    }
  });

  it('returns only http or https and a host, or throws, for any headers', () => {
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
    fc.assert(
      fc.property(header, header, header, fc.boolean(), (host, proto, forwarded, proxy) => {
        const headers = { host, 'x-forwarded-proto': proto, 'x-forwarded-host': forwarded };
        let origin: string;
        try {
          origin = originOf(request(headers), proxy);
        } catch (error) {
          expect(error).toEqual(UNUSABLE);
          return;
        }
        expect(origin).toMatch(/^https?:\/\//);
        expect(new URL(origin).origin).toBe(origin);
      }),
      numberOfRuns(2000),
    );
  });

  describe('behind a proxy', () => {
    const proxied = (more = {}): AddressedRequest =>
      request({ host: 'inner:3000', ...FORWARDED, ...more });

    it('does not believe X-Forwarded headers by default', () => {
      expect(originOf(proxied(), false)).toBe('http://inner:3000');
    });

    it('believes them with the option proxy', () => {
      expect(originOf(proxied(), true)).toBe('https://app.example');
    });

    it('believes them from an address that Express trusts', () => {
      // Cast because Object.create returns `any`.
      const socket = Object.create(new Socket(), {
        remoteAddress: { value: '10.1.1.1' },
      }) as Socket;
      const trusts = (address: unknown, distance: unknown): boolean =>
        address === '10.1.1.1' && distance === 0;
      expect(originOf({ ...proxied(), ...trusting(trusts), socket }, false)).toBe(
        'https://app.example',
      );
      expect(originOf({ ...proxied(), ...trusting(trusts) }, false)).toBe('http://inner:3000');
    });

    it.each([undefined, null, 'loopback', true, () => 'yes', () => undefined])(
      'does not believe them if app.get of another framework returns %p',
      (trusts) => {
        expect(originOf({ ...proxied(), ...trusting(trusts) }, false)).toBe('http://inner:3000');
      },
    );

    it.each([{}, { get: undefined }, undefined])('works without an Express app: %p', (app) => {
      // Cast because the types do not allow `get: undefined`.
      const odd = { ...proxied(), app: app as AddressedRequest['app'] };
      expect(originOf(odd, false)).toBe('http://inner:3000');
    });

    it('takes the first of several values, as Express does', () => {
      const chain = {
        'x-forwarded-proto': 'https, http',
        'x-forwarded-host': ' App.Example:443 , inner.example',
      };
      expect(originOf(proxied(chain), true)).toBe('https://app.example');
    });

    it("falls back to the request's own value for a header that the proxy leaves out", () => {
      const only = (kept: keyof typeof FORWARDED): AddressedRequest =>
        request({ host: 'inner:3000', [kept]: FORWARDED[kept] });
      expect(originOf(only('x-forwarded-proto'), true)).toBe('https://inner:3000');
      expect(originOf(only('x-forwarded-host'), true)).toBe('http://app.example');
      const empty = proxied({ 'x-forwarded-proto': '', 'x-forwarded-host': '' });
      expect(originOf(empty, true)).toBe('http://inner:3000');
    });

    it.each(['javascript', 'ftp', 'https:', 'httpsx', 'wss', 'http://evil'])(
      'refuses the scheme %s',
      (scheme) => {
        expect(() => originOf(proxied({ 'x-forwarded-proto': scheme }), true)).toThrow(UNUSABLE);
      },
    );

    it('accepts a scheme in upper case', () => {
      expect(originOf(proxied({ 'x-forwarded-proto': 'HTTPS' }), true)).toBe('https://app.example');
    });
  });
});

/**
 * Starts the server on a free port on 127.0.0.1, sends it a request, and returns the text of the response, in
 * which `PORT` replaces the port.
 */
async function sendRequest(
  server: http.Server,
  path: string,
  headers: http.OutgoingHttpHeaders = {},
): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    // The cast is safe because a server that listens on a port has an AddressInfo.
    const { port } = server.address() as AddressInfo;
    const sent = http.get({ port, path, headers, host: '127.0.0.1', agent: false });
    // The cast is safe because the `response` event has one argument, an IncomingMessage.
    const [response] = (await once(sent, 'response')) as [http.IncomingMessage];
    let text = '';
    for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
    return text.replaceAll(`:${port}`, ':PORT');
  } finally {
    server.close();
    server.closeAllConnections();
  }
}

const sendAddress = (req: express5.Request, res: express5.Response): void => {
  res.send(`${originOf(req, false)} ${mountPathOf(req)}`);
};

describe.each([
  ['Express 5', express5],
  ['Express 4', express4],
])('in %s', (_name, express) => {
  it('mountPathOf returns the whole mount path of a router under a router', async () => {
    const [app, outer, inner] = [express(), express.Router(), express.Router()];
    inner.get('/login', sendAddress);
    app.use('/2027jdoe', outer.use('/app', inner));
    expect(await sendRequest(http.createServer(app), '/2027jdoe/app/login?x=1')).toBe(
      'http://127.0.0.1:PORT /2027jdoe/app',
    );
  });

  it('originOf believes a proxy that the outer app trusts', async () => {
    const app = express().set('trust proxy', 'loopback');
    app.use('/app', express().get('/login', sendAddress));
    expect(await sendRequest(http.createServer(app), '/app/login', FORWARDED)).toBe(
      'https://app.example /app',
    );
  });

  it.each<[unknown, string]>([
    [true, 'https://app.example '],
    [1, 'https://app.example '],
    ['loopback', 'https://app.example '],
    ['10.0.0.0/8', 'http://127.0.0.1:PORT '],
    [false, 'http://127.0.0.1:PORT '],
  ])('originOf follows trust proxy %p', async (setting, expected) => {
    const app = express().set('trust proxy', setting).get('/login', sendAddress);
    expect(await sendRequest(http.createServer(app), '/login', FORWARDED)).toBe(expected);
  });
});

describe('over HTTP/2', () => {
  async function sendByHTTP2(headers: http2.OutgoingHttpHeaders): Promise<string> {
    const server = http2.createServer((req, res) => {
      res.end(originOf(req, false));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    // The cast is safe because a server that listens on a port has an AddressInfo.
    const client = http2.connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    try {
      let text = '';
      for await (const chunk of client.request(headers).setEncoding('utf8')) text += String(chunk);
      return text;
    } finally {
      client.close();
      server.close();
    }
  }

  it('originOf reads :authority', async () => {
    expect(await sendByHTTP2({ ':authority': 'App.Example:8080' })).toBe('http://app.example:8080');
  });

  it('originOf reads Host if there is no :authority', async () => {
    expect(await sendByHTTP2({ host: 'app.example' })).toBe('http://app.example');
  });

  it('originOf prefers :authority to a Host that differs', () => {
    const headers = { ':authority': 'app.example', host: 'evil.example' };
    expect(originOf(request(headers), false)).toBe('http://app.example');
  });
});

// These tests use objects with the properties of each framework's requests. test/frameworks tests real ones.
describe('in Fastify', () => {
  const fastify = (more: object): AddressedRequest =>
    request({ host: 'inner:3000', ...FORWARDED }, { raw: {}, ...more });

  it('originOf follows the setting trustProxy', () => {
    const trusting = fastify({ protocol: 'https', host: 'app.example' });
    expect(originOf(trusting, false)).toBe('https://app.example');
    const wary = fastify({ protocol: 'http', host: 'inner:3000' });
    expect(originOf(wary, false)).toBe('http://inner:3000');
  });

  it('originOf believes the X-Forwarded headers with the option proxy, even without trustProxy', () => {
    expect(originOf(fastify({ protocol: 'http', host: 'inner:3000' }), true)).toBe(
      'https://app.example',
    );
  });

  it.each([
    ['HTTPS', 'app.example', 'https://app.example'],
    ['https', 'app.example:443', 'https://app.example'],
  ])('originOf writes %s and %s like a browser', (protocol, host, expected) => {
    expect(originOf(fastify({ protocol, host }), false)).toBe(expected);
  });

  it.each([
    ['ftp', 'app.example'],
    ['https', 'app.example/evil'],
    ['https', ''],
    [undefined, 'app.example'],
  ])('originOf refuses %p and %p', (protocol, host) => {
    expect(() => originOf(fastify({ protocol, host }), false)).toThrow(UNUSABLE);
  });

  it('mountPathOf returns the prefix of the plugin', () => {
    expect(mountPathOf(fastify({ server: { prefix: '/auth' } }))).toBe('/auth');
    expect(mountPathOf(fastify({ server: { prefix: '' } }))).toBe('');
  });
});

describe('in Koa', () => {
  const koa = (ctx: object): AddressedRequest =>
    request({ host: 'inner:3000', ...FORWARDED }, { ctx });

  it('originOf follows the setting proxy', () => {
    expect(originOf(koa({ protocol: 'https', host: 'app.example' }), false)).toBe(
      'https://app.example',
    );
    expect(originOf(koa({ protocol: 'http', host: 'inner:3000' }), false)).toBe(
      'http://inner:3000',
    );
  });

  it.each([
    ['the root', { originalUrl: '/login?x=/login', path: '/login' }, ''],
    ['koa-mount', { originalUrl: '/app/login?x=1', path: '/login' }, '/app'],
    [
      'koa-mount in koa-mount',
      { originalUrl: '/2027jdoe/app/login', path: '/login' },
      '/2027jdoe/app',
    ],
    [
      'a router with a prefix',
      { originalUrl: '/auth/login', path: '/auth/login', router: { opts: { prefix: '/auth' } } },
      '/auth',
    ],
    [
      'a router with a prefix, in koa-mount',
      {
        originalUrl: '/app/auth/login',
        path: '/auth/login',
        router: { opts: { prefix: '/auth' } },
      },
      '/app/auth',
    ],
    [
      'a router without a prefix',
      { originalUrl: '/login', path: '/login', router: { opts: {} } },
      '',
    ],
    ['a rewritten path', { originalUrl: '/app/login', path: '/other' }, ''],
    ['a context of another kind', {}, ''],
  ])('mountPathOf returns the mount path under %s', (_case, ctx, expected) => {
    expect(mountPathOf(koa(ctx))).toBe(expected);
  });
});

describe('in another framework', () => {
  it.each([undefined, null, 5, {}])(
    'mountPathOf returns an empty string if baseUrl is %p',
    (baseUrl) => {
      expect(mountPathOf(request({ host: 'app.example' }, { baseUrl }))).toBe('');
    },
  );

  it.each([undefined, null, 5, 'x', {}, { host: 5 }])(
    'originOf reads the headers: ctx %p',
    (ctx) => {
      expect(originOf(request({ host: 'app.example' }, { ctx }), false)).toBe('http://app.example');
    },
  );
});
