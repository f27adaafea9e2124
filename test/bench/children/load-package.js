// Loads one contestant's package, and prints the time and memory it took:
// `node --expose-gc load-package.js CONTESTANT [LOADED_BEFORE]`.

'use strict';

const { contestant } = require('../contestants.js');

async function loadOne({ load }, loadedBefore) {
  // Node loads its own code for the "exports" of packages when it first needs it. In an app with Express, a
  // package of Express's needs it first, so don't count it for any contestant here.
  require.resolve('passport-ion');
  await loadedBefore?.load();
  globalThis.gc();
  const before = process.memoryUsage();
  const start = performance.now();
  await load();
  const milliseconds = performance.now() - start;
  globalThis.gc();
  const after = process.memoryUsage();
  return {
    milliseconds,
    heap: (after.heapUsed - before.heapUsed) / 1024,
    resident: (after.rss - before.rss) / 1024 / 1024,
  };
}

const [name, loadedBefore] = process.argv.slice(2);
loadOne(contestant(name), loadedBefore && contestant(loadedBefore)).then((took) => {
  process.stdout.write(JSON.stringify(took));
});
