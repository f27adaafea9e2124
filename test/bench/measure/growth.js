// Measures what a sign-in costs when many people have already signed in.

'use strict';

const { checkSignIn, many, signIn } = require('../browser.js');
const { slopeOf } = require('../slope.js');
const { openLocalIon } = require('../school-at-local-ion.js');
const { start } = require('../child-processes.js');

const PEOPLE = [100, 1_000, 10_000];
const AT_ONCE = 4;
// Processor time is measured over this many sign-ins, twice at each size.
const BATCH = 100;
// One more round comes first and is not counted, because V8 is still compiling.
const ROUNDS = 3;

/**
 * Returns the microseconds and bytes per sign-in for each number of people who have already signed in, for
 * the app and for the local Ion.
 */
async function measureGrowth(ion) {
  return {
    people: PEOPLE,
    rounds: ROUNDS,
    app: await grow(await openApp(ion)),
    localIon: await grow(await openLocalIon()),
  };
}

/** Starts an app where everyone who signs in has their own browser, and so their own session. */
async function openApp(ion) {
  const { url: ionURL, door } = await ion.ask('open', 0);
  const process = start('app.js', ['passport-ion', ionURL], ['--expose-gc']);
  const url = await process.ask('url');
  await checkSignIn(url, door, 5);
  return {
    process,
    signIn: (person) => signIn(url, door, person),
    empty: () => process.ask('clear'),
    stop: () => process.stop(),
  };
}

/**
 * Measures one server over several rounds. Before each round, the server forgets everyone who has signed in.
 */
async function grow({ process, signIn, empty, stop }) {
  const samples = { microseconds: [], bytes: [] };
  try {
    for (let round = 0; round <= ROUNDS; round += 1) {
      const found = await growOnce({ process, signIn, empty });
      if (round === 0) continue;
      for (const [what, points] of Object.entries(found)) samples[what].push(...points);
    }
  } finally {
    await stop();
  }
  return Object.fromEntries(
    Object.entries(samples).map(([what, points]) => [what, { points, ...slopeOf(points) }]),
  );
}

async function growOnce({ process, signIn, empty }) {
  const found = { microseconds: [], bytes: [] };
  await empty();
  const emptyHeap = await process.ask('heap');
  let people = 0;
  const signInMore = async (count) => {
    const first = people;
    people += count;
    await many(count, AT_ONCE, (number) => signIn(first + number + 1));
  };
  for (const size of PEOPLE) {
    await signInMore(size - people);
    found.bytes.push([size, ((await process.ask('heap')) - emptyHeap) / size]);
    for (let batch = 0; batch < 2; batch += 1) {
      const before = await process.ask('cpu');
      await signInMore(BATCH);
      found.microseconds.push([size, ((await process.ask('cpu')) - before) / BATCH]);
    }
  }
  return found;
}

module.exports = { measureGrowth };
