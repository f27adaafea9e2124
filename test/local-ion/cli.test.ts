// The command `passport-ion`, as built.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

import { send } from './contract/send.js';

const COMMAND = join(__dirname, '../../dist/local-ion/cli.js');

interface Run {
  readonly process: ChildProcess;
  /** What it has printed so far. */
  out: string;
  errors: string;
}

const running: ChildProcess[] = [];
afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }
});

/** Runs `passport-ion local-ion`. */
function runLocalIon(args: readonly string[], env?: Readonly<Record<string, string>>): Run {
  return run(['local-ion', ...args], env);
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Run {
  const child = spawn(process.execPath, [COMMAND, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(child);
  const started: Run = { process: child, out: '', errors: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    started.out += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    started.errors += chunk.toString();
  });
  return started;
}

/** Waits until the command has printed it; fails where it ends before. */
async function printed(command: Run, pattern: RegExp): Promise<string> {
  for (;;) {
    const match = pattern.exec(command.out);
    if (match) return match[1] ?? match[0];
    if (command.process.exitCode !== null) throw new Error(`It ended: ${command.errors}`);
    await Promise.race([
      once(command.process.stdout ?? command.process, 'data'),
      once(command.process, 'close'),
    ]);
  }
}

async function ended({ process: child }: Run): Promise<number | null> {
  // Also waits for what it has printed.
  const [code] = (await once(child, 'close')) as [number | null];
  return code;
}

describe('passport-ion local-ion', () => {
  it('prints what to put into the environment, that it is no Ion, and the people', async () => {
    const command = runLocalIon(['--port', '0']);
    await printed(command, /Ctrl-C/);
    expect(command.out).toMatch(/^This is a local stand-in for Ion, not Ion\./);
    expect(command.out).toMatch(/^ION_BASE_URL=http:\/\/127\.0\.0\.1:\d+$/m);
    expect(command.out).toMatch(/^ION_CLIENT_ID=local-ion-client-id$/m);
    expect(command.out).toMatch(/^ION_CLIENT_SECRET=local-ion-client-secret-which-is-not-secret$/m);
    expect(command.out).toMatch(/^2027jdoe, 2028znunez, .*jteacher/m);
    expect(command.errors).toBe('');
  });

  it('logs one line a request, without its query', async () => {
    const command = runLocalIon(['--port', '0']);
    const url = await printed(command, /ION_BASE_URL=(\S+)/);
    await send(`${url}/api/profile?access_token=hush`);
    await printed(command, /^GET \/api\/profile 403 \d+ ms$/m);
    expect(command.out).not.toContain('hush');
  });

  it('takes the client from the environment, and does not print its secret', async () => {
    const env = { ION_CLIENT_ID: 'mine', ION_CLIENT_SECRET: 'hush' };
    const command = runLocalIon(['--port', '0'], env);
    const url = await printed(command, /ION_BASE_URL=(\S+)/);
    await printed(command, /Ctrl-C/);
    expect(command.out).toMatch(/^ION_CLIENT_ID=mine$/m);
    expect(command.out).toMatch(/^ION_CLIENT_SECRET=\(as in the environment\)$/m);
    expect(command.out).not.toContain('hush');
    const body = 'grant_type=refresh_token&refresh_token=a&client_id=mine&client_secret=';
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const asked = [`${body}hush`, `${body}local-ion-client-secret-which-is-not-secret`].map(
      (form) => send(`${url}/oauth/token/`, { method: 'POST', headers, body: form }),
    );
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([400, 401]);
  });

  it('takes the client id from a flag rather than from the environment', async () => {
    const command = runLocalIon(['--port=0', '--client-id=flagged'], { ION_CLIENT_ID: 'mine' });
    expect(await printed(command, /ION_CLIENT_ID=(\S+)/)).toBe('flagged');
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('ends by %s with code 0', async (signal) => {
    const command = runLocalIon(['--port', '0']);
    await printed(command, /Ctrl-C/);
    const code = ended(command);
    command.process.kill(signal);
    expect(await code).toBe(0);
    expect(command.errors).toBe('');
  });

  it('ends with code 0 once nobody reads what it prints', async () => {
    const command = runLocalIon(['--port', '0']);
    const url = await printed(command, /ION_BASE_URL=(\S+)/);
    await printed(command, /Ctrl-C/);
    const code = ended(command);
    command.process.stdout?.destroy();
    // It finds out by the line that it prints of a request.
    await send(url).catch(() => undefined);
    expect(await code).toBe(0);
    expect(command.errors).toBe('');
  });

  it('says that a port is taken, and ends with code 1', async () => {
    const first = runLocalIon(['--port', '0']);
    const port = await printed(first, /ION_BASE_URL=http:\/\/127\.0\.0\.1:(\d+)/);
    const second = runLocalIon(['--port', port]);
    expect(await ended(second)).toBe(1);
    expect(second.errors).toMatch(
      new RegExp(`^local Ion: port ${port} of 127\\.0\\.0\\.1 is taken, .*\\n$`),
    );
    expect(second.out).toBe('');
  });

  it('says how it is used when asked, with code 0', async () => {
    const command = runLocalIon(['--help']);
    expect(await ended(command)).toBe(0);
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
  ])('says how it is used where it is not used so, with code 2: %j', async (args, message) => {
    const command = runLocalIon(args);
    expect(await ended(command)).toBe(2);
    expect(command.errors).toMatch(/^passport-ion: /);
    expect(command.errors).toContain(message);
    expect(command.errors).toContain('Usage: passport-ion local-ion [options]');
    expect(command.out).toBe('');
  });

  it('answers to the names of --allow-host', async () => {
    const command = runLocalIon(['--port=0', '--allow-host=ion', '--allow-host', 'other']);
    const url = await printed(command, /ION_BASE_URL=(\S+)/);
    const statuses = await Promise.all(
      ['ion', 'other', 'third'].map(
        async (host) => (await send(url, { headers: { host } })).status,
      ),
    );
    expect(statuses).toEqual([200, 200, 421]);
  });

  it.each(['0.0.0.0', '::'])('warns that --host %s lets anyone in as anyone', async (host) => {
    const command = runLocalIon(['--port', '0', '--host', host]);
    await printed(command, /Ctrl-C/);
    expect(command.errors).toMatch(
      /^Warning: the local Ion can be reached from other machines \(--host \S+\)\. Anyone on the network can\nsign in to your app as anyone/,
    );
  });

  it.each(['localhost', '127.0.0.1', '127.1.2.3'])('does not warn of --host %s', async (host) => {
    const command = runLocalIon(['--port', '0', '--host', host]);
    await printed(command, /Ctrl-C/);
    expect(command.errors).toBe('');
  });

  it('says what is wrong with a host or a client id, with code 1', async () => {
    const command = runLocalIon(['--host', 'no such host']);
    expect(await ended(command)).toBe(1);
    expect(command.errors).toMatch(/^local Ion: host must be .*\n$/);
    const other = runLocalIon(['--client-id', 'a b']);
    expect(await ended(other)).toBe(1);
    expect(other.errors).toMatch(/^local Ion: applications\[0\]\.clientID must be .*\n$/);
  });
});

describe('passport-ion', () => {
  it.each(['--help', 'help'])('%s shows the usage, with code 0', async (argument) => {
    const command = run([argument]);
    expect(await ended(command)).toBe(0);
    expect(command.out).toMatch(/^Usage: passport-ion local-ion \[options\]/);
  });

  it.each([
    [[], 'passport-ion: no command given: the only one is local-ion\n'],
    [['start'], "passport-ion: unknown command 'start': the only one is local-ion\n"],
    [['--port', '0'], "passport-ion: unknown command '--port': the only one is local-ion\n"],
  ])('refuses other commands with code 2: %j', async (args, message) => {
    const command = run(args);
    expect(await ended(command)).toBe(2);
    expect(command.errors.startsWith(message)).toBe(true);
    expect(command.errors).toContain('Usage: passport-ion local-ion [options]');
    expect(command.out).toBe('');
  });
});
