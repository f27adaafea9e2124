// Starts the app: reads the settings, starts a local Ion where there is no real one, and listens.

import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { createApp } from './app.js';
import { SettingsError, settingsFrom } from './settings.js';
import type { IonApplication, Settings } from './settings.js';
import { memoryStores, redisStores } from './storage/stores.js';
import type { Stores } from './storage/stores.js';

/** How long requests that are under way may take when the app is stopped, in milliseconds. */
const LAST_REQUESTS = 5_000;

function log(line: string): void {
  process.stderr.write(`${line}\n`);
}

async function main(): Promise<void> {
  const file = path.join(__dirname, '../.env');
  if (existsSync(file)) process.loadEnvFile(file);
  const settings = settingsFrom(process.env);
  let localIon: LocalIon | undefined;
  const ion = settings.ion ?? (localIon = await startLocalIon());
  const sessionSecret = settings.sessionSecret ?? randomBytes(32).toString('base64url');
  const stores =
    settings.redisURL === undefined
      ? memoryStores(sessionSecret)
      : await redisStores(sessionSecret, settings.redisURL, log);
  const letGo = async (): Promise<void> => {
    stores.close();
    await localIon?.stop();
  };
  try {
    const server = await listen({ ...settings, sessionSecret, ion, stores });
    announce(settings, server, localIon);
    stopOnSignal(server, letGo);
  } catch (error) {
    await letGo();
    throw error;
  }
}

interface Start extends Settings {
  readonly sessionSecret: string;
  readonly ion: IonApplication;
  readonly stores: Stores;
}

async function listen(start: Start): Promise<Server> {
  const server = createServer(createApp({ ...start, log }));
  server.listen(start.port, start.host);
  await once(server, 'listening');
  return server;
}

function announce({ host, basePath }: Settings, server: Server, localIon?: LocalIon): void {
  // The cast: it listens on a port, not on a pipe.
  const { port } = server.address() as AddressInfo;
  // 0.0.0.0 and :: are for listening; a browser cannot open them.
  const name = /^(0\.0\.0\.0|::)$/.test(host)
    ? 'localhost'
    : host.includes(':')
      ? `[${host}]`
      : host;
  log(`The example app is ready: open http://${name}:${port}${basePath}/`);
  if (localIon) {
    log(
      `There are no credentials of Ion, so people sign in at a local stand-in, ${localIon.baseURL}: anyone as anyone.`,
    );
    log('To use Ion itself, set ION_CLIENT_ID and ION_CLIENT_SECRET; .env.example tells how.');
  }
  log('Stop it with Ctrl-C.');
}

function stopOnSignal(server: Server, letGo: () => Promise<void>): void {
  const stop = (): void => {
    server.close(() => void letGo());
    setTimeout(() => {
      server.closeAllConnections();
    }, LAST_REQUESTS).unref();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/** What to do about a start that failed. */
function explained(error: unknown): string {
  if (error instanceof SettingsError) return error.message;
  if (!(error instanceof Error)) return String(error);
  switch ('code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      return 'The port is taken: stop the other program that listens there, or choose another port: PORT=3001';
    case 'EACCES':
      return 'The system does not let this app listen on that port: choose one above 1023, such as PORT=3000';
    case 'ENOTFOUND':
    case 'EADDRNOTAVAIL':
      return 'HOST is no address of this machine: try HOST=localhost';
    default:
      return error.stack ?? error.message;
  }
}

main().catch((error: unknown) => {
  log(explained(error));
  process.exitCode = 1;
});
