// Measures how long it takes to read each hostile input at three sizes, in its own process.

'use strict';

const http = require('node:http');
const net = require('node:net');

const { serve } = require('../child-processes.js');
const { INPUTS } = require('../hostile-inputs.js');

const SIZES = [1, 2, 4];
/** Each sample reads its input over and over for about this long. */
const SAMPLE_MICROSECONDS = 20_000;
const LINK_CHARACTERS = 8_000;

async function listen(server) {
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${server.address().port}`;
}

function sendPage({ url }, response) {
  const left = Number(/left=(\d+)/.exec(url)[1]);
  const next = `${ion.pagesURL}/api/pages?left=${left - 1}&x=`.padEnd(LINK_CHARACTERS, 'x');
  response.end(JSON.stringify({ results: [1], next: left > 1 ? next : null }));
}

function sendChunks(socket) {
  socket.once('data', (request) => {
    const bytes = Number(/bytes=(\d+)/.exec(request)[1]);
    socket.end(
      `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n${'1\r\nx\r\n'.repeat(bytes)}0\r\n\r\n`,
    );
  });
  socket.on('error', () => undefined);
}

const ion = {};
let readers;

/** Makes the functions that read the inputs, and works out how often each sample must call them. */
async function prepare() {
  ion.pagesURL = await listen(http.createServer(sendPage));
  ion.chunksURL = await listen(net.createServer(sendChunks));
  readers = [];
  for (const [name, smallest, unit, make] of INPUTS) {
    for (const factor of SIZES) {
      const size = smallest * factor;
      const read = make(size, ion);
      const reader = { name, size, unit, read, times: 1 };
      reader.times = Math.ceil(SAMPLE_MICROSECONDS / (await measureOne(reader)));
      // Measure again, because the code is compiled by now: it runs faster, so a sample needs more readings.
      reader.times = Math.ceil(SAMPLE_MICROSECONDS / (await measureOne(reader)));
      readers.push(reader);
    }
  }
}

/** Returns the processor time for one reading, in microseconds. */
async function measureOne(reader) {
  // Collect garbage, so that this sample doesn't pay for the one before. That also drops optimized code, so the
  // first readings after it are not measured.
  globalThis.gc();
  await readOften(reader);
  const before = process.cpuUsage();
  await readOften(reader);
  const { user, system } = process.cpuUsage(before);
  return Math.max(1, user + system) / reader.times;
}

async function readOften({ read, times }) {
  for (let count = 0; count < times; count += 1) await read();
}

serve({
  prepare,
  /** Takes one sample of each input at each size. */
  async measure() {
    const samples = [];
    for (const reader of readers) {
      const { name, size, unit } = reader;
      samples.push({ name, size, unit, microseconds: await measureOne(reader) });
    }
    return samples;
  },
});
