// Loads one contestant's package, and prints the time and memory it took:
// `node --expose-gc load-package.js CONTESTANT`.

'use strict';

const { contestant } = require('../contestants.js');

async function loadOne({ load }) {
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

loadOne(contestant(process.argv[2])).then((took) => {
  process.stdout.write(JSON.stringify(took));
});
