// The local Ion in a process of its own: `node local-ion.js PEOPLE`, and the time that it takes to start.

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

// People are not asked for consent, which is a click more and nothing else.
const application = {
  clientID: 'an-id',
  clientSecret: 'a-secret',
  redirectURIs: ['http://localhost/callback'],
  sanctioned: true,
};

let running;

const stops = [];
let turn = false;

/** Each starts a server, and resolves to what stops it. */
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
  /** Starts a local Ion with this school, in place of the one before. Returns its URL. */
  async restart() {
    await running?.stop();
    running = await startLocalIon({ people, applications: [application] });
    return running.baseURL;
  },
  cpu: cpuTime,
  heap: heapInUse,
  /** Milliseconds until a local Ion with the usual people listens, and until a bare server does. */
  async startOnce() {
    // In turns, since what is started second finds the processor's caches warm.
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
