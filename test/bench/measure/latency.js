// Measures how long the callback takes if Ion is far away, and how many TLS handshakes sign-ins need.

'use strict';

const { setTimeout: sleep } = require('node:timers/promises');

const { beginSignIn, checkSignIn, finishSignIn, signIn } = require('../browser.js');
const { NAMES } = require('../contestants.js');
const { start } = require('../child-processes.js');

const ROUND_TRIP = 40;
const BEFORE = 25;
const WARM_ROUNDS = 25;
const PAUSES = 7;
const PAUSE = 12_000;
// The shortest time that a person spends on Ion's pages, in milliseconds.
const AT_ION = 1_000;

/** Starts an app with its own address for Ion, so that its connections can be counted and closed. */
async function startApp(name, ion) {
  const { url: ionURL, door } = await ion.ask('open', ROUND_TRIP);
  const process = start('app.js', [name, ionURL]);
  const url = await process.ask('url');
  await checkSignIn(url, door);
  for (let count = 1; count < BEFORE; count += 1) await signIn(url, door);
  return { name, ionURL, door, process, url };
}

/** Returns milliseconds by case and contestant, with one sample per round, and handshakes by contestant. */
async function measureLatency(ion) {
  const startAll = () => Promise.all(NAMES.map((name) => startApp(name, ion)));
  // Each contestant has two apps. During pauses, Ion keeps one app's connections open, and closes the other's.
  const kept = await startAll();
  const closed = await startAll();
  const result = {};
  const add = (what, name, value) => ((result[what] ??= {})[name] ??= []).push(value);
  try {
    for (let round = 0; round < WARM_ROUNDS; round += 1) {
      for (const { name, url, door } of kept) {
        add('warm', name, (await signIn(url, door)).milliseconds);
      }
    }
    const handshakes = (apps) =>
      Promise.all(apps.map(({ ionURL }) => ion.ask('handshakes', ionURL)));
    const before = await handshakes([...kept, ...closed]);
    for (let pause = 0; pause < PAUSES; pause += 1) {
      await sleep(PAUSE / 2);
      for (const { ionURL } of closed) await ion.ask('closeIdle', ionURL);
      await sleep(PAUSE / 2);
      await signInAtEach(inTurn(pause, kept, closed), add);
    }
    const after = await handshakes([...kept, ...closed]);
    [...kept, ...closed].forEach(({ name }, index) => {
      const what = index < kept.length ? 'handshakes kept' : 'handshakes closed';
      add(what, name, ((after[index] - before[index]) / PAUSES) * 100);
    });
  } finally {
    await Promise.all([...kept, ...closed].map((app) => app.process.stop()));
  }
  return { ...result, roundTrip: ROUND_TRIP, warmRounds: WARM_ROUNDS, pauses: PAUSES };
}

/**
 * Returns all apps, each with the case that it measures, in an order that differs from pause to pause. If it
 * didn't, the same app would always pay for waking up Ion and the browsers.
 */
function inTurn(pause, kept, closed) {
  const apps = [
    ...kept.map((app) => ({ ...app, what: 'after a pause' })),
    ...closed.map((app) => ({ ...app, what: 'after Ion closed' })),
  ];
  const first = Math.round((pause * apps.length) / PAUSES);
  return [...apps.slice(first), ...apps.slice(0, first)];
}

// All browsers wait on Ion's page at the same time, so that there is only one pause. Then they go to their
// callback URLs one after another.
async function signInAtEach(apps, add) {
  const begun = [];
  for (const { what, name, url, door } of apps) {
    begun.push({ what, name, inFlight: await beginSignIn(url, door) });
  }
  await sleep(AT_ION);
  for (const { what, name, inFlight } of begun) {
    add(what, name, (await finishSignIn(inFlight)).milliseconds);
  }
}

module.exports = { measureLatency };
