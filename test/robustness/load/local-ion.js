// Runs the local Ion in its own process, and counts the connections from the app. (The browsers connect from a
// different loopback address.)

'use strict';

const { subscribe } = require('node:diagnostics_channel');

const { startLocalIon } = require('../../../dist/local-ion/index.js');
const { people } = require('./people.js');

const APP = '127.0.0.1';

const open = new Set();
let most = 0;

subscribe('net.server.socket', ({ socket }) => {
  if (socket.remoteAddress !== APP) return;
  open.add(socket);
  most = Math.max(most, open.size);
  socket.once('close', () => open.delete(socket));
});

process.on('SIGUSR2', () => {
  console.log(`At most ${most} connections of the app at once`);
});

async function main() {
  // Skip the consent page, which this test is not about.
  const application = {
    clientID: 'the-app',
    clientSecret: 'a-secret-of-the-app',
    sanctioned: true,
  };
  const { baseURL } = await startLocalIon({ people, applications: [application] });
  console.log(`The local Ion is at ${baseURL} .`);
}

void main();
