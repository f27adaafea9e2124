// Tests that requests to Ion go through the proxy in HTTPS_PROXY, on versions of Node that support it.

import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import http = require('node:http');

import { temporaryFolder } from '../support/temporary-folder.js';
import { bundle } from '../support/bundle.js';

const majorVersion = Number(process.versions.node.split('.')[0]);

// Node 20 and 22 do not have this feature.
(majorVersion >= 24 ? describe : describe.skip)('passport-ion, with NODE_USE_ENV_PROXY', () => {
  it('connects to Ion through the proxy in HTTPS_PROXY', async () => {
    const connects: (string | undefined)[] = [];
    const proxy = http.createServer();
    proxy.on('connect', ({ url }, socket) => {
      connects.push(url);
      socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    // The cast is safe because a server that listens on a port has an AddressInfo.
    const { port } = proxy.address() as AddressInfo;
    const file = join(await temporaryFolder('behind-a-proxy'), 'app.js');
    const code = `
      const { IonStrategy } = require('./lib/index.ts');
      const options = { clientID: 'an-id', clientSecret: 'a-secret', callbackURL: '/complete/ion/' };
      const strategy = new IonStrategy(options, ({ profile }) => ({ id: profile.id }));
      const tokens = { accessToken: 'A1', refreshToken: 'R1', tokenType: 'Bearer', scope: [] };
      strategy.refresh(tokens).catch((error) => console.log(error.code));`;
    writeFileSync(file, bundle(code, 'inside'));
    const env = { NODE_USE_ENV_PROXY: '1', HTTPS_PROXY: `http://127.0.0.1:${port}` };
    try {
      const { stdout } = await promisify(execFile)(process.execPath, [file], { env });
      expect(stdout).toBe('ERR_ION_UNREACHABLE\n');
      expect(connects).toEqual(['ion.tjhsst.edu:443']);
    } finally {
      proxy.close();
    }
  });
});
