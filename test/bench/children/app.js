// An app that signs people in with one contestant: `node app.js CONTESTANT ION`.

'use strict';

const { once } = require('node:events');

const express = require('express');
const session = require('express-session');

const { serve } = require('../child-processes.js');
const { cpuTime, heapInUse } = require('./process-usage.js');

const store = new session.MemoryStore();

async function run([contestant, ion]) {
  const app = express();
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${server.address().port}`;
  app.use(session({ secret: 'a secret', store, resave: false, saveUninitialized: false }));
  const settings = {
    ion,
    authorizationURL: `${ion}/oauth/authorize/`,
    tokenURL: `${ion}/oauth/token/`,
    profileURL: `${ion}/api/profile`,
    clientID: 'an-id',
    clientSecret: 'a-secret',
    callbackURL: `${url}/callback`,
  };
  await require(`../contestants/${contestant}.js`).mount(app, settings);
  app.get('/whoami', (req, res) => res.json(req.user ?? req.session.user ?? null));
  app.use((error, _req, res, _next) => {
    res.status(500).send(String(error.stack));
  });
  return url;
}

const running = run(process.argv.slice(2));

serve({
  url: () => running,
  cpu: cpuTime,
  heap: heapInUse,
  sessions: () => Object.keys(store.sessions).length,
  /** Signs everyone out. */
  clear: () => new Promise((resolve) => store.clear(resolve)),
});
