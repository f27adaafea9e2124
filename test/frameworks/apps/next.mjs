// Builds the Next app in next/ and serves the build.

import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import process from 'node:process';

const folder = join(import.meta.dirname, 'next');
const command = join(import.meta.dirname, 'node_modules/next/dist/bin/next');

if (!existsSync(join(folder, '.next/BUILD_ID'))) {
  execFileSync(process.execPath, [command, 'build', folder], { stdio: 'inherit' });
}

// Set this before importing Next, which reads it right away.
process.env.NODE_ENV = 'production';
const { default: next } = await import('next');

const app = next({ dev: false, dir: folder });
await app.prepare();
const server = createServer(app.getRequestHandler());
server.listen(0, '127.0.0.1', () => {
  const url = `http://127.0.0.1:${server.address().port}/api/`;
  // It is not too late to set this here: Next loads a route when it gets the first request for the route.
  process.env.ION_CALLBACK_URL = `${url}complete/ion`;
  process.stdout.write(`listening on ${url}home\n`);
});
