// Keeps tests off the network: they may connect only to loopback, and look up only its name. (nock could do
// this too, but it does not reuse sockets, and some tests need that.)

import dns = require('node:dns');
import net = require('node:net');

const LOOPBACK = /^(localhost|127\.\d+\.\d+\.\d+|::1|::ffff:127\.\d+\.\d+\.\d+)$/;

const tried: string[] = [];
// eslint-disable-next-line @typescript-eslint/unbound-method -- called with the `this` it is given
const real = { connect: net.Socket.prototype.connect, lookup: dns.lookup };
const { lookup: lookupPromise } = dns.promises;

function refuse(host: string): Error {
  tried.push(host);
  return new Error(`A test may not reach ${host}: the network is forbidden`);
}

// Returns the host that `connect` was called with. Node itself can pass one array, with the options first.
function hostIn([first, second]: unknown[]): string | undefined {
  const options: unknown = Array.isArray(first) ? first[0] : first;
  const host: unknown =
    typeof options === 'object' && options !== null && 'host' in options ? options.host : second;
  return typeof host === 'string' ? host : undefined;
}

net.Socket.prototype.connect = function (this: net.Socket, ...parameters: unknown[]) {
  const host = hostIn(parameters);
  // This checks only IP addresses: for a host name, Node calls `lookup`, which is guarded below.
  if (host !== undefined && net.isIP(host) !== 0 && !LOOPBACK.test(host)) {
    const error = refuse(host);
    // Fail later, as a refused connection does, because nothing is listening for errors yet.
    setImmediate(() => this.destroy(error));
    return this;
  }
  return Reflect.apply(real.connect, this, parameters) as net.Socket;
};

dns.lookup = function (host: string, ...rest: unknown[]) {
  if (net.isIP(host) !== 0 || LOOPBACK.test(host)) {
    Reflect.apply(real.lookup, dns, [host, ...rest]);
    return;
  }
  const done = rest.at(-1) as (error: Error) => void;
  process.nextTick(done, refuse(host));
  // Cast because dns.lookup has more overloads than a wrapper can repeat.
} as typeof real.lookup;

dns.promises.lookup = function (host: string, ...rest: unknown[]) {
  if (net.isIP(host) === 0 && !LOOPBACK.test(host)) return Promise.reject(refuse(host));
  return Reflect.apply(lookupPromise, dns.promises, [host, ...rest]) as Promise<unknown>;
  // Cast because dns.promises.lookup has more overloads than a wrapper can repeat.
} as typeof lookupPromise;

afterEach(() => {
  expect(tried.splice(0)).toEqual([]);
});

// Restore Node's functions, because test files that run later in the same process need the original ones.
afterAll(() => {
  net.Socket.prototype.connect = real.connect;
  dns.lookup = real.lookup;
  dns.promises.lookup = lookupPromise;
});
