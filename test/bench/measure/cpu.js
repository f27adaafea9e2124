// Measures how much processor time the app uses per sign-in.

'use strict';

const { checkSignIn, many, signIn } = require('../browser.js');
const { NAMES } = require('../contestants.js');
const { start } = require('../child-processes.js');

const ROUNDS = 21;
const SIGN_INS = 100;
const AT_ONCE = 4;
// Sign in this often before measuring, because V8 compiles most of the code within the first 2,000 sign-ins.
// Its compiler threads count as the app's processor time.
const FIRST = 300;
const BEFORE = 2_500;

/** Returns milliseconds per sign-in, by contestant: for the first sign-ins, and then one sample per round. */
async function measureCPU(ion) {
  const { url: ionURL, door } = await ion.ask('open', 0);
  const apps = NAMES.map((name) => ({ name, process: start('app.js', [name, ionURL]) }));
  const samples = Object.fromEntries(NAMES.map((name) => [name, []]));
  const first = {};
  const cost = async ({ process, url }, count) => {
    const before = await process.ask('cpu');
    await many(count, AT_ONCE, () => signIn(url, door));
    return ((await process.ask('cpu')) - before) / 1000 / count;
  };
  try {
    for (const app of apps) {
      app.url = await app.process.ask('url');
      await checkSignIn(app.url, door);
      first[app.name] = await cost(app, FIRST);
      await many(BEFORE - FIRST, AT_ONCE, () => signIn(app.url, door));
    }
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const app of apps) samples[app.name].push(await cost(app, SIGN_INS));
    }
  } finally {
    await Promise.all(apps.map((app) => app.process.stop()));
  }
  return { samples, first, rounds: ROUNDS, signIns: SIGN_INS, firstSignIns: FIRST, before: BEFORE };
}

module.exports = { measureCPU };
