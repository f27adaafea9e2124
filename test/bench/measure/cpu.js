// Measures how much processor time the app uses per sign-in.

'use strict';

const { checkSignIn, many, signIn } = require('../browser.js');
const { NAMES } = require('../contestants.js');
const { start } = require('../child-processes.js');

// Each round uses new processes, started in a different order, because two processes of the same app differ
// by up to a third, depending on what V8 happens to optimize and on when they started.
const ROUNDS = 9;
const TURNS = 5;
const SIGN_INS_PER_TURN = 60;
const AT_ONCE = 4;
// Sign in this often before measuring, because V8 compiles most of the code within the first 2,000 sign-ins.
// Its compiler threads count as the app's processor time.
const FIRST = 300;
const BEFORE = 2_500;

/**
 * Returns each contestant's milliseconds per sign-in, for the first sign-ins and for later ones, with one
 * sample per round.
 */
async function measureCPU(ion) {
  const { url: ionURL, door } = await ion.ask('open', 0);
  const samples = Object.fromEntries(NAMES.map((name) => [name, []]));
  const first = Object.fromEntries(NAMES.map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round += 1) {
    const names = NAMES.map((_, index) => NAMES[(index + round) % NAMES.length]);
    const costs = await measureRound(names, ionURL, door);
    for (const { name, firstCost, cost } of costs) {
      first[name].push(firstCost);
      samples[name].push(cost);
    }
  }
  return {
    samples,
    first,
    rounds: ROUNDS,
    signIns: TURNS * SIGN_INS_PER_TURN,
    firstSignIns: FIRST,
    before: BEFORE,
  };
}

/** Measures one process of each app. The apps take turns, so that whatever else the machine does affects all of them. */
async function measureRound(names, ionURL, door) {
  const apps = names.map((name) => ({ name, process: start('app.js', [name, ionURL]), cost: 0 }));
  const cost = async ({ process, url }, count) => {
    const before = await process.ask('cpu');
    await many(count, AT_ONCE, () => signIn(url, door));
    return ((await process.ask('cpu')) - before) / 1000 / count;
  };
  try {
    for (const app of apps) {
      app.url = await app.process.ask('url');
      await checkSignIn(app.url, door);
      app.firstCost = await cost(app, FIRST);
      await many(BEFORE - FIRST, AT_ONCE, () => signIn(app.url, door));
    }
    for (let turn = 0; turn < TURNS; turn += 1) {
      for (const app of apps) app.cost += (await cost(app, SIGN_INS_PER_TURN)) / TURNS;
    }
  } finally {
    await Promise.all(apps.map((app) => app.process.stop()));
  }
  return apps;
}

module.exports = { measureCPU };
