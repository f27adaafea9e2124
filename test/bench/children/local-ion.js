// Runs the local Ion in its own process, with this many people: `node local-ion.js PEOPLE`. Also measures how
// long a local Ion takes to start.

'use strict';

const { once } = require('node:events');
const http = require('node:http');

const { startLocalIon } = require('passport-ion/local-ion');

const { serve } = require('../child-processes.js');
const { cpuTime, heapInUse } = require('./process-usage.js');

const people = Array.from({ length: Number(process.argv[2]) }, (_, index) => ({
  id: index + 1,
  ion_username: `2027n${index + 1}`,
  first_name: `First${index + 1}`,
  last_name: `Last${index + 1}`,
  graduation_year: 2027,
}));

// `sanctioned` skips the consent page, which would only be one more click.
const application = {
  clientID: 'an-id',
  clientSecret: 'a-secret',
  redirectURIs: ['http://localhost/callback'],
  sanctioned: true,
};

let running;

const stops = [];
let turn = false;

/** Each function starts a server, and resolves to a function that stops it. */
const starters = {
  async localIon() {
    const ion = await startLocalIon();
    return () => ion.stop();
  },
  async bare() {
    const server = http.createServer((_request, response) => response.end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return async () => {
      server.close();
      await once(server, 'close');
    };
  },
};

serve({
  /** Replaces the running local Ion with a new one that has the same people. Returns its URL. */
  async restart() {
    await running?.stop();
    running = await startLocalIon({ people, applications: [application] });
    return running.baseURL;
  },
  cpu: cpuTime,
  heap: heapInUse,
  /** Returns how many milliseconds it takes to start a local Ion with the default people, and a bare server. */
  async startOnce() {
    // Alternate the order, because the server that starts second finds the processor's caches warm.
    turn = !turn;
    const times = {};
    for (const name of turn ? ['localIon', 'bare'] : ['bare', 'localIon']) {
      const before = performance.now();
      const stop = await starters[name]();
      times[name] = performance.now() - before;
      stops.push(stop);
    }
    for (const stop of stops.splice(0)) await stop();
    return times;
  },
});
