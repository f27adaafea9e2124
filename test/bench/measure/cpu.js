// Processor time of the app per login.

'use strict';

const { checkLogin, logins } = require('../browser.js');
const { NAMES } = require('../contestants.js');
const { start } = require('../processes.js');

const ROUNDS = 14;
const LOGINS = 100;
const AT_ONCE = 4;
// Until the code is compiled and the pools are filled.
const BEFORE = 300;

/** Milliseconds per login by contestant, a sample for each round. */
async function measureCPU(ion) {
  const { url: ionURL, door } = await ion.ask('open', 0);
  const apps = NAMES.map((name) => ({ name, process: start('app.js', [name, ionURL]) }));
  const samples = Object.fromEntries(NAMES.map((name) => [name, []]));
  try {
    for (const app of apps) {
      app.url = await app.process.ask('url');
      await checkLogin(app.url, door);
      await logins(app.url, door, BEFORE, AT_ONCE);
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const { name, process, url } of apps) {
        const before = await process.ask('cpu');
        await logins(url, door, LOGINS, AT_ONCE);
        samples[name].push(((await process.ask('cpu')) - before) / 1000 / LOGINS);
      }
    }
  } finally {
    await Promise.all(apps.map((app) => app.process.stop()));
  }
  return { samples, rounds: ROUNDS, logins: LOGINS };
}

module.exports = { measureCPU };
