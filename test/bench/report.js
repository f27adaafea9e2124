// Writes the text of RESULTS.md, with a table for each measurement.

'use strict';

const os = require('node:os');

const { BASELINE, FLOOR, NAMES, OURS, contestant } = require('./contestants.js');
const { judgeGoals } = require('./goals.js');
const { slopeText } = require('./slope.js');
const { median, ratios, spread } = require('./statistics.js');

const SPREAD = 'Each figure is a median, with the quartiles in brackets.';

/** Returns the report on everything that was measured. `howBusy` describes how busy the machine was. */
function report(measured, howBusy) {
  const sections = [
    intro(howBusy),
    goalsSection(judgeGoals(measured)),
    measured.cpu && cpuSection(measured.cpu),
    measured.latency && latencySection(measured.latency),
    measured.loading && loadingSection(measured.loading),
    measured.localIon && localIonSection(measured.localIon),
    measured.unfinished && unfinishedSection(measured.unfinished),
    measured.growth && growthSection(measured.growth),
    measured.size && sizeSection(measured.size),
    measured.pure && pureSection(measured.pure),
    measured.hostile && hostileSection(measured.hostile),
  ];
  return sections.filter(Boolean).join('\n\n');
}

function intro(howBusy) {
  const machine = `${os.cpus().length} cores, Node ${process.versions.node}, ${os.type()} on ${os.arch()}`;
  return `# Speed

Written by \`npm run bench\`: do not edit. ${machine}. ${howBusy} ${SPREAD}

The contestants take turns, A B C A B C …, so that whatever else the machine does affects all of them; a ratio compares
samples of the same round. The app, the browsers and the stand-in for Ion (TLS, HTTP/1.1) each run in a process of their own. The apps use Express with express-session.

${table(
  ['', 'version', 'set up'],
  NAMES.map((name) => [name, versionOf(name), contestant(name).how]),
)}`;
}

function versionOf(name) {
  const [first] = contestant(name).packages;
  if (first === undefined) return '';
  // Use the path, because some packages, such as openid-client, don't export their package.json.
  return require(`../../node_modules/${first}/package.json`).version;
}

function goalsSection(judged) {
  if (judged.length === 0) return undefined;
  const rows = judged.map(({ goal, figure, met }) => [goal, figure, met ? 'met' : '**missed**']);
  return `## Goals\n\n${table(['goal', 'figure', ''], rows)}`;
}

function cpuSection({ samples, first, rounds, signIns, firstSignIns, before }) {
  const rows = NAMES.map((name) => [
    name,
    spread(samples[name], 2),
    spread(ratios(samples[name], samples[BASELINE]), 2),
    spread(first[name], 2),
  ]);
  const head = ['', 'ms per sign-in', `ratio to ${BASELINE}`, `ms, first ${firstSignIns}`];
  return `## Processor time per sign-in

The time of the app’s process, in all its threads, for both requests of a sign-in, with Ion on the same machine. ${rounds} rounds with
a new process of each app: two processes of the same app differ more than most apps do. ${signIns} sign-ins in each,
4 at a time, after ${thousands(before)}, during which V8 compiles.

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

How long the browser waits for the callback, in milliseconds. Ion is ${latency.roundTrip} ms away (round trip) over TLS 1.3, so two exchanges need ${2 * latency.roundTrip}.
Warm: ${latency.warmRounds} sign-ins of each. After 12 s: ${latency.pauses} pauses, the same ones for all contestants. There is a second app of each, to which
Ion closed every idle connection in the middle of the pause. The person spends 1 s at Ion’s page. The handshakes are those of
the ${latency.pauses} sign-ins 12 s apart, scaled to 100.

${table(head, rows)}`;
}

function loadingSection({ samples, own, rounds }) {
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

Each package alone, in ${rounds} new processes, which have loaded what Node itself needs for packages with \`exports\`: in an app,
Express has loaded that. The floor is node:https. After ${BASELINE}, which it depends on, ${OURS} takes ${spread(own)} ms.

${table(head, rows)}`;
}

function sizeSection(sizes) {
  const kib = (bytes) => `${Math.round(bytes / 1024)} KiB`;
  const rows = NAMES.filter((name) => name !== FLOOR).map((name) => {
    const { bytes, typeBytes, packages } = sizes[name];
    return [name, kib(bytes - typeBytes), kib(typeBytes), packages];
  });
  return `## Installed

Each package with all its dependencies, as npm installs it.

${table(['', 'code', 'of @types', 'packages'], rows)}`;
}

function pureSection({ samples, rounds }) {
  const rows = Object.entries(samples).map(([what, figures]) => [what, spread(figures)]);
  return `## Profile and TokenVault

Processor time of one call, in ${rounds} rounds of 20,000.

${table(['', 'µs'], rows)}`;
}

function localIonSection({ samples: { localIon, bare }, rounds }) {
  const row = (name, samples) => [name, spread(samples, 3), spread(ratios(samples, bare), 2)];
  const rows = [row('startLocalIon()', localIon), row('http.createServer().listen()', bare)];
  return `## Starting the local Ion

Until it listens, in a process that has started others before; ${rounds} rounds.

${table(['', 'ms', 'ratio'], rows)}`;
}

function unfinishedSection({ apps }) {
  const rows = Object.entries(apps).map(([name, { count, bytes, sessions }]) => [
    name,
    thousands(count),
    bytes.toFixed(0),
    sessions,
  ]);
  return `## Sign-ins that nobody finishes

What stays in the app’s process for each sign-in that began: heap after garbage collection, and sessions in express-session’s
MemoryStore.

${table(['', 'sign-ins', 'bytes of each', 'sessions of each'], rows)}`;
}

function growthSection({ people, rounds, app, localIon }) {
  const row = (name, cost, digits) => [
    name,
    ...people.map((size) => spread(samplesAt(cost, size), digits)),
    slopeText(cost),
  ];
  const rows = [
    row('app: µs per sign-in', app.microseconds, 0),
    row('app: bytes per sign-in', app.bytes, 0),
    row('local Ion: µs per sign-in', localIon.microseconds, 0),
    row('local Ion: bytes per sign-in', localIon.bytes, 0),
  ];
  const head = ['', ...people.map((size) => `${thousands(size)} people`), 'per 1,000 more'];
  return `## Growth

Processor time of the next sign-in, and heap for each one so far, once so many people have signed in; in one process each,
${rounds} rounds after one to warm up. App: passport-ion with everybody’s session in MemoryStore. Local Ion: 2,000 people in its directory,
500 of whom sign in again and again. The last column is the slope, with its 95 % confidence interval: a cost that does not grow has 0 in it.

${table(head, rows)}`;
}

function samplesAt({ points }, size) {
  return points.filter(([people]) => people === size).map(([, cost]) => cost);
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
