// Tests what the local Ion writes to its log about each request.

import { EventEmitter, once } from 'node:events';
import { connect } from 'node:net';

import { send } from '../contract/support/send.js';
import { getAPI, post, signIn } from '../requests.js';
import { start } from '../start.js';

describe('the log option', () => {
  it('gets one line for each request: method, path, status, and duration, without the query', async () => {
    const lines: string[] = [];
    const running = await start({ log: (line) => lines.push(line) });
    const { access_token, refresh_token } = await signIn(running, '2027jdoe');
    await send(`${running.baseURL}/api/profile/?access_token=${access_token}`);
    await running.stop();
    expect(lines.map((line) => line.replace(/\d+ ms$/, 'N ms'))).toEqual([
      'GET /oauth/authorize/ 302 N ms',
      'GET /login 200 N ms',
      'POST /login 302 N ms',
      'GET /oauth/authorize/ 200 N ms',
      'POST /oauth/authorize/ 302 N ms',
      'POST /oauth/token/ 200 N ms',
      'GET /api/profile/ 200 N ms',
    ]);
    const secrets = [access_token, refresh_token, running.clientSecret ?? '', running.clientID];
    for (const secret of secrets) expect(lines.join('\n')).not.toContain(secret);
  });

  it('gets a line for a request that is cut off', async () => {
    const lines: string[] = [];
    const running = await start({ log: (line) => lines.push(line) });
    running.failNext('token', { drop: 'before-response' });
    await expect(post(`${running.baseURL}/oauth/token/`, {})).rejects.toThrow();
    await running.stop();
    expect(lines).toEqual([expect.stringMatching(/^POST \/oauth\/token\/ cut off \d+ ms$/)]);
  });
});

describe('the local Ion, for a request that breaks off', () => {
  it('logs it as cut off, not as a failure of the server', async () => {
    const events = new EventEmitter();
    const other = await start({ log: (line) => events.emit('line', line) });
    const logged = once(events, 'line');
    const { hostname, port } = new URL(other.baseURL);
    const socket = connect(Number(port), hostname);
    const head = 'POST /oauth/token/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n';
    socket.write(head, () => socket.destroy());
    expect(await logged).toEqual([expect.stringMatching(/^POST \/oauth\/token\/ cut off \d+ ms$/)]);
    const next = once(events, 'line');
    await getAPI(other, '/api/emerg');
    expect(await next).toEqual([expect.stringMatching(/^GET \/api\/emerg 200/)]);
  });
});
