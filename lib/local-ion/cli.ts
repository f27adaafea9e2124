#!/usr/bin/env node
// The command `local-ion`: a local Ion in a terminal, until Ctrl-C.

import { parseArgs } from 'node:util';

import { LocalIonError, people, startLocalIon } from './index.js';
import type { LocalIon } from './index.js';

// Fixed, so that the .env of an app outlives a restart. They open nothing but invented people, and
// only for redirect URIs on this machine.
const CLIENT_ID = 'local-ion-client-id';
const CLIENT_SECRET = 'local-ion-client-secret-which-is-not-secret';

const USAGE = `Usage: local-ion [options]

Runs a local stand-in for Ion, to develop an app against. It is not Ion: the people
are invented, and there are no passwords.

  --port <number>     the port to listen on, 0 for any that is free (default 8080)
  --host <address>    the address to listen on (default 127.0.0.1)
  --client-id <id>    the client id of your app (default: ION_CLIENT_ID from the
                      environment, else ${CLIENT_ID})
  --help              show this

The client secret is ION_CLIENT_SECRET from the environment, else
${CLIENT_SECRET}.
`;

interface Settings {
  readonly port: number;
  readonly host: string;
  readonly clientID: string;
}

// What ends the command with a message and no stack.
class UsageError extends Error {}

function settingsFrom(args: readonly string[]): Settings | 'help' {
  let values;
  try {
    ({ values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '8080' },
        host: { type: 'string', default: '127.0.0.1' },
        'client-id': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    }));
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  if (values.help) return 'help';
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
    throw new UsageError(`--port must be a number from 0 to 65535, not '${values.port}'`);
  }
  const clientID = values['client-id'] ?? fromEnvironment('ION_CLIENT_ID') ?? CLIENT_ID;
  return { port: Number(values.port), host: values.host, clientID };
}

// Empty is unset.
function fromEnvironment(name: string): string | undefined {
  const value = process.env[name];
  return value === '' ? undefined : value;
}

async function run(): Promise<void> {
  const settings = settingsFrom(process.argv.slice(2));
  if (settings === 'help') {
    process.stdout.write(USAGE);
    return;
  }
  const { port, host, clientID } = settings;
  const clientSecret = fromEnvironment('ION_CLIENT_SECRET') ?? CLIENT_SECRET;
  const ion = await startLocalIon({
    port,
    host,
    applications: [{ name: 'Your app', clientID, clientSecret }],
    log: (line) => process.stdout.write(`${line}\n`),
  });
  const stop = (): void => {
    void ion.stop();
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  // Whoever read what it prints has gone, as `head` does.
  process.stdout.on('error', stop);
  process.stdout.write(welcome(ion));
}

function welcome({ baseURL, clientID, clientSecret }: LocalIon): string {
  // One that came from the environment may be a real one.
  const secret = clientSecret === CLIENT_SECRET ? CLIENT_SECRET : '(as in the environment)';
  return `This is a local stand-in for Ion, not Ion. Put this into the environment of your app:

ION_BASE_URL=${baseURL}
ION_CLIENT_ID=${clientID}
ION_CLIENT_SECRET=${secret}

Any redirect URI on this machine is accepted. The people to log in as:
${people.map(({ ion_username }) => ion_username).join(', ')}

Stop it with Ctrl-C.

`;
}

run().catch((error: unknown) => {
  if (error instanceof UsageError) {
    process.stderr.write(`local-ion: ${error.message}\n\n${USAGE}`);
    process.exitCode = 2;
  } else {
    const clear = error instanceof LocalIonError;
    process.stderr.write(`${clear ? error.message : String((error as Error).stack)}\n`);
    process.exitCode = 1;
  }
});
