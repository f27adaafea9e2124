// RESULTS.md: the tables, and the goals with their figures.

'use strict';

const os = require('node:os');

const { BASELINE, FLOOR, NAMES, OURS, contestant } = require('./contestants.js');
const { median, ratios, spread } = require('./figures.js');

const SPREAD = 'Each figure is a median, with the quartiles in brackets.';

/** The report on whatever was measured. */
function report(measured) {
  const sections = [
    intro(),
    goals(measured),
    measured.cpu && cpuSection(measured.cpu),
    measured.latency && latencySection(measured.latency),
    measured.loading && loadingSection(measured.loading),
    measured.size && sizeSection(measured.size),
    measured.pure && pureSection(measured.pure),
    measured.hostile && hostileSection(measured.hostile),
  ];
  return sections.filter(Boolean).join('\n\n');
}

function intro() {
  const machine = `${os.cpus().length} cores, Node ${process.versions.node}, ${os.type()} on ${os.arch()}`;
  return `# Speed

Written by \`npm run bench\`: do not edit. ${machine}. ${SPREAD}

The contestants are measured in turns, A B C A B C …, so that whatever else the machine does hits all alike; a ratio compares
samples of the same round. App, browsers and the stand-in Ion (TLS, HTTP/1.1) are processes of their own; the apps are Express with express-session.

${table(
  ['', 'version', 'set up'],
  NAMES.map((name) => [name, versionOf(name), contestant(name).how]),
)}`;
}

function versionOf(name) {
  const [first] = contestant(name).packages;
  if (first === undefined) return '';
  // By path: openid-client and others do not export their package.json to require.
  return require(`../../node_modules/${first}/package.json`).version;
}

function goals({ cpu, latency, loading }) {
  const rows = [];
  if (cpu) {
    const ratio = ratios(cpu.samples[OURS], cpu.samples[BASELINE]);
    rows.push([
      `CPU per login: at most ${BASELINE}’s`,
      `× ${spread(ratio, 2)}`,
      median(ratio) <= 1,
    ]);
  }
  for (const what of latency ? ['warm', 'after a pause', 'after Ion closed'] : []) {
    const [ours, floor] = [latency[what][OURS], latency[what][FLOOR]];
    const time = median(ours);
    rows.push([`callback ${what}: at most 95 ms`, `${spread(ours)} ms`, time <= 95]);
    const ratio = ratios(ours, floor);
    rows.push([
      `callback ${what}: within 5 % of the floor’s`,
      `× ${spread(ratio, 2)}`,
      median(ratio) <= 1.05,
    ]);
  }
  if (loading) {
    const [ours, theirs] = [OURS, BASELINE].map((name) => loading.samples[name].milliseconds);
    const ratio = ratios(ours, theirs);
    rows.push([
      `time to load: at most ${BASELINE}’s plus 10 %`,
      `× ${spread(ratio, 2)}`,
      median(ratio) <= 1.1,
    ]);
  }
  const judged = rows.map(([goal, figure, met]) => [goal, figure, met ? 'met' : '**missed**']);
  return rows.length > 0 && `## Goals\n\n${table(['goal', 'figure', ''], judged)}`;
}

function cpuSection({ samples, first, rounds, logins, firstLogins, before }) {
  const rows = NAMES.map((name) => [
    name,
    spread(samples[name], 2),
    spread(ratios(samples[name], samples[BASELINE]), 2),
    first[name].toFixed(2),
  ]);
  const head = ['', 'ms per login', `ratio to ${BASELINE}`, `ms, first ${firstLogins}`];
  return `## Processor time per login

Of the app’s process, all its threads, for both requests of a login, Ion right next to it; ${rounds} rounds of ${logins} logins, 4 at a
time, after ${thousands(before)}: until then V8 compiles. The first ${firstLogins} were measured once.

${table(head, rows)}`;
}

function latencySection(latency) {
  const rows = NAMES.map((name) => [
    name,
    spread(latency.warm[name]),
    spread(latency['after a pause'][name]),
    spread(latency['after Ion closed'][name]),
    latency['handshakes kept'][name][0].toFixed(0),
    latency['handshakes closed'][name][0].toFixed(0),
  ]);
  const head = ['', 'warm', 'after 12 s', 'closed by Ion', 'handshakes', 'closed by Ion'];
  return `## Callback latency, and TLS handshakes

In milliseconds, as the browser sees the callback, with Ion ${latency.roundTrip} ms away (round trip) over TLS 1.3: two exchanges need ${2 * latency.roundTrip}. Warm:
${latency.warmRounds} logins each. After a pause: ${latency.pauses} pauses of 12 s, all contestants in the same ones; of a second app of each, Ion
closed every idle connection in the middle of the pause. The person is at Ion’s page for 1 s. The handshakes are those of the
${latency.pauses} logins 12 s apart, scaled to 100.

${table(head, rows)}`;
}

function loadingSection({ samples, rounds }) {
  const base = samples[BASELINE].milliseconds;
  const rows = NAMES.map((name) => [
    name,
    spread(samples[name].milliseconds),
    spread(ratios(samples[name].milliseconds, base), 2),
    spread(samples[name].heap, 0),
    spread(samples[name].resident),
  ]);
  const head = ['', 'ms', `ratio to ${BASELINE}`, 'heap, KiB', 'resident, MiB'];
  return `## Loading

Each package alone in ${rounds} fresh processes; the floor is node:https.

${table(head, rows)}`;
}

function sizeSection(sizes) {
  const kib = (bytes) => `${Math.round(bytes / 1024)} KiB`;
  const rows = NAMES.filter((name) => name !== FLOOR).map((name) => {
    const { bytes, typeBytes, packages } = sizes[name];
    return [name, kib(bytes - typeBytes), kib(typeBytes), packages];
  });
  return `## Installed

With all dependencies, as npm installs it.

${table(['', 'code', 'of @types', 'packages'], rows)}`;
}

function pureSection({ samples, rounds }) {
  const rows = Object.entries(samples).map(([what, figures]) => [what, spread(figures)]);
  return `## Profile and TokenVault

Processor time of one, ${rounds} rounds of 20,000.

${table(['', 'µs'], rows)}`;
}

function hostileSection({ inputs, rounds }) {
  const rows = Object.entries(inputs).map(([name, { unit, samples }]) => {
    const [[size, once], [, twice], [, fourTimes]] = samples;
    const times = [once, twice, fourTimes].map((figures) => median(figures).toFixed(1));
    const growth = [ratios(twice, once), ratios(fourTimes, twice)].map((each) => spread(each, 2));
    return [name, `${thousands(size)} ${unit}`, ...times, ...growth];
  });
  const head = ['', 'n', 'µs for n', 'for 2n', 'for 4n', '2n to n', '4n to 2n'];
  return `## Hostile input

Processor time to read, or to refuse, what an attacker or a broken Ion could send, at three sizes in the same ${rounds} rounds. Time
that grows with the size has a ratio of 2, time that grows with its square one of 4. “Over the limit” is refused unread;
for the others 4n is at, or near, the limit.

${table(head, rows)}`;
}

function thousands(number) {
  return number.toLocaleString('en');
}

function table(head, rows) {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

module.exports = { report };
