// Tests which Host headers the HTTP server accepts, which headers it sends, and what it does if it fails itself.

import type { LocalIon } from 'passport-ion/local-ion';

import { send } from '../contract/support/send.js';
import { start } from '../start.js';

describe('requestListener', () => {
  const statusFor = async ({ baseURL }: LocalIon, host: string): Promise<number> =>
    (await send(`${baseURL}/api/emerg`, { headers: { host } })).status;

  it.each(['localhost', 'LOCALHOST:8080', '127.0.0.1', '127.0.0.1:80', '192.0.2.7', '[::1]:8080'])(
    'accepts a Host header with localhost or an IP address: %s',
    async (host) => {
      expect(await statusFor(await start(), host)).toBe(200);
    },
  );

  it.each([
    'evil.example',
    'evil.example:8080',
    'localhost.evil.example',
    'localhost@evil.example',
    '127.0.0.1.evil.example',
    '2130706433',
    'ion',
  ])(
    'responds with 421 to any other Host header, which might be DNS rebinding: %j',
    async (host) => {
      const { baseURL } = await start();
      const response = await send(`${baseURL}/login`, { headers: { host } });
      expect(response.status).toBe(421);
      expect(response.text).toContain('allowHosts');
      expect(response.text).not.toContain('2027jdoe');
    },
  );

  it('accepts the names in allowHosts, in any case and with any port', async () => {
    const running = await start({ allowHosts: ['Ion', 'name-8080.app.github.dev'] });
    for (const host of ['ion', 'ION:8080', 'name-8080.app.github.dev']) {
      expect(await statusFor(running, host)).toBe(200);
    }
    expect(await statusFor(running, 'ion.evil.example')).toBe(421);
  });

  it('escapes the Host header on its page', async () => {
    const { baseURL } = await start();
    const { text } = await send(baseURL, { headers: { host: '<script>alert(1)</script>' } });
    expect(text).toContain('&lt;script&gt;');
  });

  it('sends the same headers as Ion, and no others', async () => {
    const { baseURL } = await start();
    const { headers } = await send(`${baseURL}/api/emerg`);
    expect(Object.keys(headers).sort()).toEqual([
      'allow',
      'connection',
      'content-length',
      'content-type',
      'date',
      'referrer-policy',
      'vary',
      'x-frame-options',
    ]);
  });
});

describe('requestListener, if the local Ion itself fails', () => {
  it.each<[thrown: unknown, message: string]>([
    [new Error('the clock stands'), 'the clock stands'],
    ['the clock stands', 'the clock stands'],
  ])(
    'responds with a 500 page, and logs the error, if `now` throws %p',
    async (thrown, message) => {
      const lines: string[] = [];
      const { baseURL } = await start({
        now: () => {
          throw thrown;
        },
        log: (line) => lines.push(line),
      });
      const response = await send(`${baseURL}/api/schedule`);
      expect(response).toMatchObject({
        status: 500,
        headers: { 'content-type': 'text/html; charset=utf-8', 'x-frame-options': 'SAMEORIGIN' },
        text: expect.stringContaining(`<p>The local Ion itself failed: ${message}</p>`) as string,
      });
      expect(lines[0]).toMatch(/^The local Ion failed: Error: the clock stands\n +at /);
      expect((await send(`${baseURL}/nowhere`)).status).toBe(404);
    },
  );
});
