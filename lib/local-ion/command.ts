// The `passport-ion` command. Its only subcommand, `local-ion`, runs a local Ion until you press Ctrl-C.

import { isIP } from 'node:net';
import type { Writable } from 'node:stream';
import { parseArgs } from 'node:util';

import { LocalIonError, people, startLocalIon } from './index.js';
import type { LocalIon } from './index.js';

// The credentials are fixed, so that an app's .env file stays valid after the local Ion restarts. They protect
// nothing: the people are made up, and only redirect URIs on this machine are accepted.
const CLIENT_ID = 'local-ion-client-id';
const CLIENT_SECRET = 'local-ion-client-secret-which-is-not-secret';

const USAGE = `Usage: passport-ion local-ion [options]

Runs a local stand-in for Ion, to develop an app against. It is not Ion: the people
are invented, and there are no passwords.

  --port <number>      the port to listen on, 0 for any free port (default 8080)
  --host <address>     the address to listen on (default 127.0.0.1)
  --allow-host <name>  another host name that browsers may use to reach it, besides
                       localhost and IP addresses; may be repeated
  --client-id <id>     the client id of your app (default: ION_CLIENT_ID from the
                       environment, else ${CLIENT_ID})
  --help               show this help

The client secret is ION_CLIENT_SECRET from the environment, else
${CLIENT_SECRET}.
`;

/** The parts of Node's `process` that the command uses. */
export interface CommandProcess {
  /** As in Node, the command's own arguments begin with the third element. */
  readonly argv: readonly string[];
  readonly env: Environment;
  readonly stdout: Writable;
  readonly stderr: Writable;
  once(signal: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

type Environment = Readonly<Record<string, string | undefined>>;

interface CommandOptions {
  readonly port: number;
  readonly host: string;
  readonly allowHosts: readonly string[];
  readonly clientID: string;
  readonly clientSecret: string;
}

/** An error in the arguments. The command prints its message and the usage, but no stack trace, and exits. */
class UsageError extends Error {}

function optionsFrom(args: readonly string[], env: Environment): CommandOptions | 'help' {
  const [command, ...rest] = args;
  if (command === '--help' || command === 'help') return 'help';
  if (command !== 'local-ion') {
    throw new UsageError(
      command === undefined
        ? 'no command given: the only one is local-ion'
        : `unknown command '${command}': the only one is local-ion`,
    );
  }
  const values = parse(rest);
  if (values.help) return 'help';
  if (!/^\d{1,5}$/.test(values.port) || Number(values.port) > 65_535) {
    throw new UsageError(`--port must be a number from 0 to 65535, not '${values.port}'`);
  }
  return {
    port: Number(values.port),
    host: values.host,
    allowHosts: values['allow-host'],
    clientID: values['client-id'] ?? variable(env, 'ION_CLIENT_ID') ?? CLIENT_ID,
    clientSecret: variable(env, 'ION_CLIENT_SECRET') ?? CLIENT_SECRET,
  };
}

interface Flags {
  readonly port: string;
  readonly host: string;
  readonly 'allow-host': readonly string[];
  readonly 'client-id'?: string | undefined;
  readonly help: boolean;
}

function parse(args: readonly string[]): Flags {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '8080' },
        host: { type: 'string', default: '127.0.0.1' },
        'allow-host': { type: 'string', multiple: true, default: [] },
        'client-id': { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    return values;
  } catch (error) {
    // The cast is safe because parseArgs throws only Error objects. Their messages say which argument is wrong.
    throw new UsageError((error as Error).message);
  }
}

// An empty environment variable counts as unset.
function variable(env: Environment, name: string): string | undefined {
  const value = env[name];
  return value === '' ? undefined : value;
}

/** Runs the command, and returns its exit code when it is done. */
export async function runCommand(process: CommandProcess): Promise<number> {
  const { argv, env, stdout, stderr } = process;
  try {
    const options = optionsFrom(argv.slice(2), env);
    if (options === 'help') stdout.write(USAGE);
    else await runLocalIon(options, process);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      stderr.write(`passport-ion: ${error.message}\n\n${USAGE}`);
      return 2;
    }
    if (!(error instanceof LocalIonError)) throw error;
    stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function runLocalIon(options: CommandOptions, process: CommandProcess): Promise<void> {
  const { port, host, allowHosts, clientID, clientSecret } = options;
  const { stdout, stderr } = process;
  const ion = await startLocalIon({
    port,
    host,
    allowHosts,
    applications: [{ name: 'Your app', clientID, clientSecret }],
    log: (line) => stdout.write(`${line}\n`),
  });
  const stopping = new Promise<void>((stop) => {
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    // Stop when no one reads the output anymore, as in `passport-ion local-ion | head`.
    stdout.on('error', () => {
      stop();
    });
  });
  if (!isLoopback(host)) stderr.write(warning(host));
  stdout.write(welcome(ion));
  await stopping;
  await ion.stop();
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
}

function warning(host: string): string {
  return `Warning: the local Ion can be reached from other machines (--host ${host}). Anyone on the network can
sign in to your app as anyone, without a password. Leave --host out unless you need it.

`;
}

function welcome({ baseURL, clientID, clientSecret }: LocalIon): string {
  // Don't print a secret from the environment, because it might be a real secret.
  const secret = clientSecret === CLIENT_SECRET ? CLIENT_SECRET : '(as in the environment)';
  return `This is a local stand-in for Ion, not Ion. Put this into the environment of your app:

ION_BASE_URL=${baseURL}
ION_CLIENT_ID=${clientID}
ION_CLIENT_SECRET=${secret}

It accepts any redirect URI on this machine. You can sign in as:
${people.map(({ ion_username }) => ion_username).join(', ')}

Stop it with Ctrl-C.

`;
}
