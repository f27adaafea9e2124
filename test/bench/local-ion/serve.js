// The local Ion in a process of its own: `node serve.js PEOPLE`, and the time that it takes to start.

'use strict';

const { once } = require('node:events');
const http = require('node:http');

const { startLocalIon } = require('passport-ion/local-ion');

const { heapInUse, serve } = require('../processes.js');

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

serve({
  /** Starts a local Ion with this school, in place of the one before. Returns its URL. */
  async restart() {
    await running?.stop();
    running = await startLocalIon({ people, applications: [application] });
    return running.baseURL;
  },
  cpu: () => {
    const { user, system } = process.cpuUsage();
    return user + system;
  },
  heap: heapInUse,
  /** Milliseconds until a local Ion with the usual people listens, and until a bare server does. */
  async startOnce() {
    const before = performance.now();
    const ion = await startLocalIon();
    const between = performance.now();
    const server = http.createServer((_request, response) => response.end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const after = performance.now();
    await ion.stop();
    server.close();
    await once(server, 'close');
    return { localIon: between - before, bare: after - between };
  },
});
