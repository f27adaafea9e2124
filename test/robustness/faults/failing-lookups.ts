// Makes an agent whose DNS lookups fail or hang.

import dns from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import type { LookupFunction } from 'node:net';

import type { Order } from './app-process.js';

/** Makes an agent for this Ion whose DNS lookups fail or hang, starting with lookup number `from`. */
export function agentWithLookup(
  baseURL: string,
  { from, how }: Extract<Order, { do: 'lookup' }>,
): http.Agent {
  let lookups = 0;
  const lookup: LookupFunction = (host, options, done) => {
    lookups += 1;
    if (lookups < from) dns.lookup(host, options, done);
    else if (how === 'fails') {
      done(Object.assign(new Error(`getaddrinfo ENOTFOUND ${host}`), { code: 'ENOTFOUND' }), '', 4);
    }
  };
  const { Agent } = baseURL.startsWith('https:') ? https : http;
  return new Agent({ lookup });
}
