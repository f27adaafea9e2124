// Sets the benchmark's goals, and checks whether the measurements meet them.

'use strict';

const { BASELINE, FLOOR, OURS } = require('./contestants.js');
const { slopeText } = require('./slope.js');
const { median, ratios, spread } = require('./statistics.js');

/** Returns each goal that was measured, with the figure and whether the goal is met. */
function judgeGoals({ cpu, latency, loading, localIon, unfinished, growth }) {
  const rows = [];
  if (cpu) {
    const ratio = ratios(cpu.samples[OURS], cpu.samples[BASELINE]);
    rows.push([
      `CPU per sign-in: at most ${BASELINE}’s`,
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
    rows.push([
      'time to load, after the dependencies: at most 4 ms',
      `${spread(loading.own)} ms`,
      median(loading.own) <= 4,
    ]);
  }
  if (localIon) {
    const ratio = ratios(localIon.samples.localIon, localIon.samples.bare);
    rows.push([
      'startLocalIon: at most 3 × a bare HTTP server',
      `× ${spread(ratio, 2)}`,
      median(ratio) <= 3,
    ]);
  }
  if (unfinished) {
    const { bytes, sessions } = unfinished.apps['passport-ion, CookieStateStore'];
    rows.push([
      'an unfinished sign-in with CookieStateStore: at most 40 bytes, no session',
      `${bytes.toFixed(0)} bytes, ${sessions} sessions`,
      bytes <= 40 && sessions === 0,
    ]);
  }
  for (const [what, costs] of growth
    ? [
        ['app', growth.app],
        ['local Ion', growth.localIon],
      ]
    : []) {
    for (const [unit, cost] of [
      ['µs', costs.microseconds],
      ['bytes', costs.bytes],
    ]) {
      rows.push([
        `${what}: ${unit} per sign-in do not grow with the people signed in`,
        `${slopeText(cost)} ${unit} per 1,000 people`,
        cost.low <= 0,
      ]);
    }
  }
  return rows.map(([goal, figure, met]) => ({ goal, figure, met }));
}

module.exports = { judgeGoals };
