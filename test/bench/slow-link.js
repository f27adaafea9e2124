// Simulates a slow TCP link: every byte takes half a round trip to arrive, and so do the handshake's packets.

'use strict';

const net = require('node:net');
const { clearTimeout, setImmediate, setTimeout } = require('node:timers');

/** Returns a server that forwards everything to `port`, with a delay as if it were `roundTrip` ms away. */
function linkTo(port, roundTrip) {
  return net.createServer({ allowHalfOpen: true, noDelay: true }, (near) => {
    const far = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    // The kernel accepts connections right away. On a real link, that takes a round trip, so delay the data.
    carry(near, far, roundTrip / 2, performance.now() + roundTrip);
    carry(far, near, roundTrip / 2, 0);
  });
}

function carry(from, to, delay, opensAt) {
  const underway = [];
  let timer;
  const send = (deliver) => {
    underway.push({ deliver, due: Math.max(performance.now(), opensAt) + delay });
    if (underway.length === 1) wait();
  };
  const wait = () => {
    const left = underway[0].due - performance.now();
    // Timers can be a millisecond or two late, which would count as Ion's delay, so end with short waits.
    if (left > 3) timer = setTimeout(wait, left - 2);
    else if (left > 0) setImmediate(wait);
    else {
      underway.shift().deliver();
      if (underway.length > 0) wait();
    }
  };
  from.on('data', (chunk) => send(() => to.write(chunk)));
  from.on('end', () => send(() => to.end()));
  from.on('error', () => to.destroy());
  from.on('close', (failed) => {
    if (!failed) return;
    clearTimeout(timer);
    to.destroy();
  });
}

module.exports = { linkTo };
