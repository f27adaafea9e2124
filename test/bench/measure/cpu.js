// Processor time of the app per login.

'use strict';

const { checkLogin, logins } = require('../browser.js');
const { NAMES } = require('../contestants.js');
const { start } = require('../processes.js');

const ROUNDS = 21;
const LOGINS = 100;
const AT_ONCE = 4;
// Until V8 has compiled what it will: it does most of that within 2,000 logins, in threads that count.
const FIRST = 300;
const BEFORE = 2_500;

/** Milliseconds per login by contestant: of the first ones, and then a sample for each round. */
async function measureCPU(ion) {
  const { url: ionURL, door } = await ion.ask('open', 0);
  const apps = NAMES.map((name) => ({ name, process: start('app.js', [name, ionURL]) }));
  const samples = Object.fromEntries(NAMES.map((name) => [name, []]));
  const first = {};
  const cost = async ({ process, url }, count) => {
    const before = await process.ask('cpu');
    await logins(url, door, count, AT_ONCE);
    return ((await process.ask('cpu')) - before) / 1000 / count;
  };
  try {
    for (const app of apps) {
      app.url = await app.process.ask('url');
      await checkLogin(app.url, door);
      first[app.name] = await cost(app, FIRST);
      await logins(app.url, door, BEFORE - FIRST, AT_ONCE);
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const app of apps) samples[app.name].push(await cost(app, LOGINS));
    }
  } finally {
    await Promise.all(apps.map((app) => app.process.stop()));
  }
  return { samples, first, rounds: ROUNDS, logins: LOGINS, firstLogins: FIRST, before: BEFORE };
}

module.exports = { measureCPU };
