// Tests the `passport-ion` command in a simulated process.

import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';

import { runCommand } from '../../lib/local-ion/command.js';
import { send } from './contract/support/send.js';

/** The simulated process that a command runs in. */
interface Run extends EventEmitter {
  readonly stdout: PassThrough;
  readonly exitCode: Promise<number>;
  /** What the command has printed so far: `out` on stdout, `errors` on stderr. */
  out: string;
  errors: string;
  hasEnded: boolean;
}

const running: Run[] = [];
afterEach(async () => {
  for (const command of running.splice(0)) {
    command.emit('SIGINT');
    await command.exitCode;
  }
});

/** Runs `passport-ion local-ion`. */
function runLocalIon(args: readonly string[], env?: Readonly<Record<string, string>>): Run {
  return run(['local-ion', ...args], env);
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  const started = Object.assign(new EventEmitter(), {
    argv: ['node', 'passport-ion', ...args],
    env,
    stdout: new PassThrough({ encoding: 'utf8' }),
    stderr: new PassThrough({ encoding: 'utf8' }),
    out: '',
    errors: '',
    hasEnded: false,
  });
  started.stdout.on('data', (text: string) => {
    started.out += text;
  });
  started.stderr.on('data', (text: string) => {
    started.errors += text;
  });
  const exitCode = runCommand(started).finally(() => {
    started.hasEnded = true;
  });
  const command = Object.assign(started, { exitCode });
  running.push(command);
  return command;
}

/** Waits until the command's output matches the pattern. Throws if the command exits before that. */
async function waitForOutput(command: Run, pattern: RegExp): Promise<string> {
  for (;;) {
    const match = pattern.exec(command.out);
    if (match) return match[1] ?? match[0];
    if (command.hasEnded) throw new Error(`The command has ended: ${command.errors}`);
    await Promise.race([once(command.stdout, 'data'), command.exitCode]);
  }
}

describe('passport-ion local-ion', () => {
  it('prints that it is not Ion, the variables for the app, and the people', async () => {
    const command = runLocalIon(['--port', '0']);
    await waitForOutput(command, /Ctrl-C/);
    expect(command.out).toMatch(/^This is a local stand-in for Ion, not Ion\./);
    expect(command.out).toMatch(/^ION_BASE_URL=http:\/\/127\.0\.0\.1:\d+$/m);
    expect(command.out).toMatch(/^ION_CLIENT_ID=local-ion-client-id$/m);
    expect(command.out).toMatch(/^ION_CLIENT_SECRET=local-ion-client-secret-which-is-not-secret$/m);
    expect(command.out).toMatch(/^2027jdoe, 2028znunez, .*jteacher/m);
    expect(command.errors).toBe('');
  });

  it('logs one line for each request, without the query', async () => {
    const command = runLocalIon(['--port', '0']);
    const url = await waitForOutput(command, /ION_BASE_URL=(\S+)/);
    await send(`${url}/api/profile?access_token=hush`);
    await waitForOutput(command, /^GET \/api\/profile 403 \d+ ms$/m);
    expect(command.out).not.toContain('hush');
  });

  it('takes ION_CLIENT_ID and ION_CLIENT_SECRET from the environment, and does not print the secret', async () => {
    const env = { ION_CLIENT_ID: 'mine', ION_CLIENT_SECRET: 'hush' };
    const command = runLocalIon(['--port', '0'], env);
    const url = await waitForOutput(command, /ION_BASE_URL=(\S+)/);
    await waitForOutput(command, /Ctrl-C/);
    expect(command.out).toMatch(/^ION_CLIENT_ID=mine$/m);
    expect(command.out).toMatch(/^ION_CLIENT_SECRET=\(as in the environment\)$/m);
    expect(command.out).not.toContain('hush');
    const body = 'grant_type=refresh_token&refresh_token=a&client_id=mine&client_secret=';
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const responses = [`${body}hush`, `${body}local-ion-client-secret-which-is-not-secret`].map(
      (form) => send(`${url}/oauth/token/`, { method: 'POST', headers, body: form }),
    );
    expect((await Promise.all(responses)).map(({ status }) => status)).toEqual([400, 401]);
  });

  it('prefers --client-id to ION_CLIENT_ID', async () => {
    const command = runLocalIon(['--port=0', '--client-id=flagged'], { ION_CLIENT_ID: 'mine' });
    expect(await waitForOutput(command, /ION_CLIENT_ID=(\S+)/)).toBe('flagged');
  });

  it('treats empty environment variables as unset', async () => {
    const command = runLocalIon(['--port=0'], { ION_CLIENT_ID: '', ION_CLIENT_SECRET: '' });
    await waitForOutput(command, /Ctrl-C/);
    expect(command.out).toMatch(/^ION_CLIENT_ID=local-ion-client-id$/m);
    expect(command.out).toMatch(/^ION_CLIENT_SECRET=local-ion-client-secret-which-is-not-secret$/m);
  });

  it.each(['SIGINT', 'SIGTERM'])('stops the server and exits with code 0 on %s', async (signal) => {
    const command = runLocalIon(['--port', '0']);
    const url = await waitForOutput(command, /ION_BASE_URL=(\S+)/);
    await waitForOutput(command, /Ctrl-C/);
    command.emit(signal);
    expect(await command.exitCode).toBe(0);
    expect(command.errors).toBe('');
    await expect(send(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('stops the server and exits with code 0 when no one reads its output anymore', async () => {
    const command = runLocalIon(['--port', '0']);
    const url = await waitForOutput(command, /ION_BASE_URL=(\S+)/);
    await waitForOutput(command, /Ctrl-C/);
    command.stdout.destroy(new Error('write EPIPE'));
    expect(await command.exitCode).toBe(0);
    expect(command.errors).toBe('');
    await expect(send(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('exits with code 1 if the port is taken, and says so', async () => {
    const first = runLocalIon(['--port', '0']);
    const port = await waitForOutput(first, /ION_BASE_URL=http:\/\/127\.0\.0\.1:(\d+)/);
    const second = runLocalIon(['--port', port]);
    expect(await second.exitCode).toBe(1);
    expect(second.errors).toMatch(
      new RegExp(`^local Ion: port ${port} of 127\\.0\\.0\\.1 is taken, .*\\n$`),
    );
    expect(second.out).toBe('');
  });

  it('prints the usage with --help, and exits with code 0', async () => {
    const command = runLocalIon(['--help']);
    expect(await command.exitCode).toBe(0);
    expect(command.out).toMatch(/^Usage: passport-ion local-ion \[options\]/);
    for (const flag of ['--port', '--host', '--allow-host', '--client-id', '--help']) {
      expect(command.out).toContain(flag);
    }
  });

  it.each([
    [['--prot', '8080'], '--prot'],
    [['--port', 'http'], "--port must be a number from 0 to 65535, not 'http'"],
    [['--port', '65536'], '--port must be'],
    [['8080'], '8080'],
  ])('exits with code 2 for %j, and prints the mistake and the usage', async (args, message) => {
    const command = runLocalIon(args);
    expect(await command.exitCode).toBe(2);
    expect(command.errors).toMatch(/^passport-ion: /);
    expect(command.errors).toContain(message);
    expect(command.errors).toContain('Usage: passport-ion local-ion [options]');
    expect(command.out).toBe('');
  });

  it('accepts the host names given with --allow-host', async () => {
    const command = runLocalIon(['--port=0', '--allow-host=ion', '--allow-host', 'other']);
    const url = await waitForOutput(command, /ION_BASE_URL=(\S+)/);
    const statuses = await Promise.all(
      ['ion', 'other', 'third'].map(
        async (host) => (await send(url, { headers: { host } })).status,
      ),
    );
    expect(statuses).toEqual([200, 200, 421]);
  });

  it.each(['0.0.0.0', '::'])(
    'warns that with --host %s anyone on the network can sign in',
    async (host) => {
      const command = runLocalIon(['--port', '0', '--host', host]);
      await waitForOutput(command, /Ctrl-C/);
      expect(command.errors).toMatch(
        /^Warning: the local Ion can be reached from other machines \(--host \S+\)\. Anyone on the network can\nsign in to your app as anyone/,
      );
    },
  );

  it.each(['localhost', '127.0.0.1', '127.1.2.3', '::1'])(
    'does not warn about --host %s',
    async (host) => {
      const command = runLocalIon(['--port', '0', '--host', host]);
      await waitForOutput(command, /Ctrl-C/);
      expect(command.errors).toBe('');
    },
  );

  it('exits with code 1 for an invalid host or client id, and says why', async () => {
    const command = runLocalIon(['--host', 'no such host']);
    expect(await command.exitCode).toBe(1);
    expect(command.errors).toMatch(/^local Ion: host must be .*\n$/);
    const other = runLocalIon(['--client-id', 'a b']);
    expect(await other.exitCode).toBe(1);
    expect(other.errors).toMatch(/^local Ion: applications\[0\]\.clientID must be .*\n$/);
  });
});

describe('passport-ion', () => {
  it.each(['--help', 'help'])('%s prints the usage and exits with code 0', async (argument) => {
    const command = run([argument]);
    expect(await command.exitCode).toBe(0);
    expect(command.out).toMatch(/^Usage: passport-ion local-ion \[options\]/);
  });

  it.each([
    [[], 'passport-ion: no command given: the only one is local-ion\n'],
    [['start'], "passport-ion: unknown command 'start': the only one is local-ion\n"],
    [['--port', '0'], "passport-ion: unknown command '--port': the only one is local-ion\n"],
  ])('exits with code 2 for %j, and prints the usage', async (args, message) => {
    const command = run(args);
    expect(await command.exitCode).toBe(2);
    expect(command.errors.startsWith(message)).toBe(true);
    expect(command.errors).toContain('Usage: passport-ion local-ion [options]');
    expect(command.out).toBe('');
  });
});
