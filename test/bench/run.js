// Runs the benchmark. `npm run bench` measures everything and writes RESULTS.md. With the names of some
// measurements (`npm run bench -- cpu loading`), it only prints their tables.

'use strict';

const { writeFile } = require('node:fs/promises');
const { join } = require('node:path');

const prettier = require('prettier');

const { measureCPU } = require('./measure/cpu.js');
const { measureGrowth } = require('./measure/growth.js');
const { measureHostileInput } = require('./measure/hostile-input.js');
const { measureLatency } = require('./measure/latency.js');
const { measureLoading } = require('./measure/loading.js');
const { measureLocalIon } = require('./measure/local-ion-start.js');
const { measurePure } = require('./measure/profile-and-vault.js');
const { measureSize } = require('./measure/size.js');
const { measureUnfinished } = require('./measure/unfinished-sign-ins.js');
const { watchMachine } = require('./machine-load.js');
const { start } = require('./child-processes.js');
const { report } = require('./report.js');

const MEASUREMENTS = {
  size: measureSize,
  loading: measureLoading,
  pure: measurePure,
  cpu: measureCPU,
  latency: measureLatency,
  localIon: measureLocalIon,
  unfinished: measureUnfinished,
  growth: measureGrowth,
  hostile: measureHostileInput,
};

async function run(asked) {
  const names = asked.length > 0 ? asked : Object.keys(MEASUREMENTS);
  const unknown = names.find((name) => !(name in MEASUREMENTS));
  if (unknown) throw new Error(`There is no measurement ${unknown}`);
  const howBusy = watchMachine();
  const ion = start('ion.js');
  const measured = {};
  try {
    for (const name of names) {
      process.stderr.write(`measuring: ${name}\n`);
      measured[name] = await MEASUREMENTS[name](ion);
    }
  } finally {
    await ion.stop();
  }
  const text = await prettier.format(report(measured, howBusy()), { parser: 'markdown' });
  if (asked.length === 0) await writeFile(join(__dirname, 'RESULTS.md'), text);
  process.stdout.write(text);
}

run(process.argv.slice(2)).then(
  // Exit now, because the browsers' open connections would keep the process running for a while.
  () => process.exit(),
  (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exit(1);
  },
);
