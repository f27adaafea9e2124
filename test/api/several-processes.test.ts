// IonAPI in several processes, which share only the store and Ion; and what NODE_DEBUG prints.

import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import ts from 'typescript';

import { RotatingIon } from '../support/rotating-ion.js';

const ROOT = join(__dirname, '../..');

let directory: string;
let ion: RotatingIon;
let processes: ChildProcess[];

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'passport-ion-'));
  copyFileSync(join(ROOT, 'package.json'), join(directory, 'package.json'));
  const modules = readdirSync(join(ROOT, 'lib'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.startsWith('local-ion'),
  );
  for (const name of modules) compile(`lib/${name}`);
  compile('test/support/strategy-at.ts');
  compile('test/support/api-process.ts');
});

afterAll(() => {
  rmSync(directory, { recursive: true });
});

beforeEach(async () => {
  processes = [];
  ion = await new RotatingIon().start();
});

afterEach(async () => {
  for (const child of processes) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const gone = once(child, 'exit');
    child.kill();
    await gone;
  }
  await ion.stop();
});

function compile(name: string): void {
  const { outputText } = ts.transpileModule(readFileSync(join(ROOT, name), 'utf8'), {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS },
  });
  const file = join(directory, name.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, outputText);
}

async function startProcess(
  store: string,
  environment: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const child = fork(join(directory, 'test/support/api-process.js'), [ion.origin, store], {
    env: { ...process.env, NODE_PATH: join(ROOT, 'node_modules'), ...environment },
    execArgv: ['--unhandled-rejections=strict'],
    stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
  });
  child.stderr?.setEncoding('utf8');
  processes.push(child);
  await once(child, 'message');
  return child;
}

/** Has the process send this many requests at once, and returns what became of them. */
async function send(child: ChildProcess, requests: number): Promise<unknown> {
  const finished = once(child, 'message');
  child.send(requests);
  const [outcomes] = (await finished) as [unknown];
  return outcomes;
}

// Holds each refresh until the other process has sent one too, so that the second comes too late.
function holdUntilBothRefresh(): void {
  let release = (): void => undefined;
  let waiting: Promise<undefined> | undefined;
  ion.before = ({ url }) => {
    if (url !== '/oauth/token/') return undefined;
    if (waiting) {
      waiting = undefined;
      release();
      return undefined;
    }
    waiting = new Promise((resolve) => {
      release = (): void => {
        resolve(undefined);
      };
    });
    return waiting;
  };
}

describe('IonAPI.get in two processes that share a store', () => {
  it('succeeds in both, round after round, though both refresh at the same time', async () => {
    const store = join(directory, 'tokens.json');
    writeFileSync(store, JSON.stringify(ion.tokens));
    const both = await Promise.all([startProcess(store), startProcess(store)]);
    holdUntilBothRefresh();
    for (let round = 1; round <= 15; round += 1) {
      ion.endAccessToken();
      const outcomes = await Promise.all(both.map((child) => send(child, 5)));

      expect(outcomes).toStrictEqual([Array(5).fill('ok'), Array(5).fill('ok')]);
      expect(JSON.parse(readFileSync(store, 'utf8'))).toMatchObject({
        accessToken: ion.tokens.accessToken,
        refreshToken: ion.tokens.refreshToken,
      });
    }
    expect(ion.refreshes).toHaveLength(30);
  });

  it('asks for a sign-in in both if the tokens are dead, and works again after it', async () => {
    const store = join(directory, 'dead-tokens.json');
    writeFileSync(store, JSON.stringify(ion.tokens));
    ion.endBothTokens();
    const both = await Promise.all([startProcess(store), startProcess(store)]);
    const outcomes = await Promise.all(both.map((child) => send(child, 5)));

    const message: unknown = expect.stringMatching(
      /^IonSignInRequiredError: .+ must sign in again$/,
    );
    expect(outcomes).toStrictEqual([Array(5).fill(message), Array(5).fill(message)]);
    expect(both.map(({ exitCode }) => exitCode)).toStrictEqual([null, null]);
    writeFileSync(store, JSON.stringify(ion.rotateElsewhere()));
    await expect(Promise.all(both.map((child) => send(child, 1)))).resolves.toStrictEqual([
      ['ok'],
      ['ok'],
    ]);
  });
});

describe('IonAPI.get in a process with NODE_DEBUG=passport-ion', () => {
  it('prints each step of a refresh, and no secret', async () => {
    const store = join(directory, 'debugged-tokens.json');
    writeFileSync(store, JSON.stringify(ion.tokens));
    ion.endAccessToken();
    const child = await startProcess(store, { NODE_DEBUG: 'passport-ion' });
    let printed = '';
    child.stderr?.on('data', (text: string) => (printed += text));

    expect(await send(child, 1)).toStrictEqual(['ok']);
    ion.endBothTokens();
    expect(await send(child, 1)).toStrictEqual([expect.stringContaining('must sign in again')]);
    child.kill();
    await once(child, 'close');

    const steps = printed
      .split('\n')
      .map((line) => /^PASSPORT-ION \d+: (.*)$/.exec(line)?.[1])
      .filter((step) => /^(api|refresh): /.test(step ?? ''));
    expect(steps).toStrictEqual([
      'api: Ion refused the access token',
      'refresh: requesting new tokens from Ion',
      'refresh: Ion issued new tokens',
      'refresh: saved the new tokens',
      'api: Ion refused the access token',
      'refresh: requesting new tokens from Ion',
      'refresh: failed with IonTokenError (invalid_grant)',
    ]);
    expect(printed).not.toMatch(/Access\d|Refresh\d|a-secret/);
  });
});

describe('IonAPI.get in a process without NODE_DEBUG', () => {
  it('prints nothing', async () => {
    const store = join(directory, 'quiet-tokens.json');
    writeFileSync(store, JSON.stringify(ion.tokens));
    ion.endAccessToken();
    const child = await startProcess(store);
    let printed = '';
    child.stderr?.on('data', (text: string) => (printed += text));
    await send(child, 1);
    child.kill();
    await once(child, 'close');

    expect(printed).toBe('');
  });
});
