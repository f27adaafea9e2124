// Starts the app: reads the settings, starts a local Ion if there are no credentials, and listens.

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
import { memoryStores } from './memory/stores.js';
import { redisStores } from './redis/stores.js';
import { SettingsError, settingsFrom } from './settings.js';
import type { IonApplication, Settings } from './settings.js';
import type { Stores } from './store-interfaces.js';

/** How long requests that are still running may take when the app is stopped. */
const GRACE_PERIOD_MS = 5_000;

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
  const cleanUp = async (): Promise<void> => {
    stores.close();
    await localIon?.stop();
  };
  try {
    const server = await listen({ ...settings, sessionSecret, ion, stores });
    announce(settings, server, localIon);
    stopOnSignal(server, cleanUp);
  } catch (error) {
    await cleanUp();
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

function announce({ host, basePath, ion }: Settings, server: Server, localIon?: LocalIon): void {
  // The cast is safe because the server listens on a port, not on a pipe.
  const { port } = server.address() as AddressInfo;
  // Servers can listen on 0.0.0.0 and ::, but browsers cannot open these addresses, so the log shows
  // localhost instead.
  const isEveryAddress = /^(0\.0\.0\.0|::)$/.test(host);
  const name = isEveryAddress ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  log(`The example app is ready: open http://${name}:${port}${basePath}/`);
  if (localIon) {
    log(
      `There are no credentials for Ion, so people sign in at a local stand-in, ${localIon.baseURL}: anyone as anyone.`,
    );
    log('To use the real Ion, set ION_CLIENT_ID and ION_CLIENT_SECRET: see .env.example.');
  }
  const isStandIn = localIon !== undefined || isOnThisMachine(ion?.baseURL);
  if (isStandIn && (isEveryAddress || !isOnThisMachine(`http://${name}`))) {
    log(
      'WARNING: HOST lets other machines reach this app, and sign-in goes to a local Ion: anyone on the network may sign in as anyone.',
    );
  }
  log('Stop it with Ctrl-C.');
}

function isOnThisMachine(url = ''): boolean {
  return /^https?:\/\/(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:|$)/.test(url);
}

function stopOnSignal(server: Server, cleanUp: () => Promise<void>): void {
  const stop = (): void => {
    server.close(() => void cleanUp());
    setTimeout(() => {
      server.closeAllConnections();
    }, GRACE_PERIOD_MS).unref();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
}

/** Explains why the app did not start, and what to do. */
function explain(error: unknown): string {
  if (error instanceof SettingsError) return error.message;
  if (!(error instanceof Error)) return String(error);
  switch ('code' in error ? error.code : undefined) {
    case 'EADDRINUSE':
      return 'The port is in use: stop the other program that listens there, or choose another port: PORT=3001';
    case 'EACCES':
      return 'This app may not listen on that port: choose one above 1023, such as PORT=3000';
    case 'ENOTFOUND':
    case 'EADDRNOTAVAIL':
      return 'HOST is not an address of this machine: try HOST=localhost';
    default:
      return error.stack ?? error.message;
  }
}

main().catch((error: unknown) => {
  log(explain(error));
  process.exitCode = 1;
});
