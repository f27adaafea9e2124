import { execFileSync } from 'node:child_process';
import path from 'node:path';

import { SettingsError, settingsFrom } from '../../example-app/src/settings.js';
import type { Environment } from '../../example-app/src/settings.js';

const SECRET = 'a-secret-of-thirty-two-characters';
const CREDENTIALS = { ION_CLIENT_ID: 'the-id', ION_CLIENT_SECRET: 'the-secret' };
const PRODUCTION = {
  ...CREDENTIALS,
  NODE_ENV: 'production',
  SESSION_SECRET: SECRET,
  ION_CALLBACK_URL: 'https://lunch.sites.tjhsst.edu/complete/ion/',
  TRUST_PROXY: '1',
};

function messageFor(env: Environment): string {
  try {
    settingsFrom(env);
  } catch (error) {
    expect(error).toBeInstanceOf(SettingsError);
    return (error as SettingsError).message;
  }
  throw new Error('The settings were accepted');
}

describe('settingsFrom', () => {
  it('has a default for everything in development', () => {
    expect(settingsFrom({})).toEqual({
      production: false,
      host: 'localhost',
      port: 3000,
      basePath: '',
      trustProxy: 0,
      sessionSecret: undefined,
      redisURL: undefined,
      callbackURL: '/complete/ion/',
      ion: undefined,
    });
  });

  it('counts an empty variable as not set', () => {
    const names = ['NODE_ENV', 'HOST', 'PORT', 'BASE_PATH', 'TRUST_PROXY'];
    const stores = ['SESSION_SECRET', 'REDIS_URL'];
    const ion = ['ION_CALLBACK_URL', 'ION_CLIENT_ID', 'ION_CLIENT_SECRET', 'ION_BASE_URL'];
    const env = Object.fromEntries(
      [...names, ...stores, ...ion].map((name, index) => [name, ' '.repeat(index % 2)]),
    );
    expect(settingsFrom(env)).toEqual(settingsFrom({}));
  });

  it('reads every variable', () => {
    const env = {
      ...PRODUCTION,
      HOST: '0.0.0.0',
      PORT: '8080',
      BASE_PATH: '/2027jdoe/',
      TRUST_PROXY: '1',
      REDIS_URL: 'redis://127.0.0.1:6379',
      ION_CALLBACK_URL: 'https://user.tjhsst.edu/2027jdoe/complete/ion',
    };
    expect(settingsFrom(env)).toEqual({
      production: true,
      host: '0.0.0.0',
      port: 8080,
      basePath: '/2027jdoe',
      trustProxy: 1,
      sessionSecret: SECRET,
      redisURL: 'redis://127.0.0.1:6379',
      callbackURL: 'https://user.tjhsst.edu/2027jdoe/complete/ion',
      ion: { clientID: 'the-id', clientSecret: 'the-secret', baseURL: undefined },
    });
  });

  it.each([
    ['/2027jdoe/', '/2027jdoe'],
    ['/2027jdoe', '/2027jdoe'],
    ['/a/b.c/', '/a/b.c'],
    ['/', ''],
  ])('accepts BASE_PATH %s, with or without the trailing slash', (given, basePath) => {
    expect(settingsFrom({ BASE_PATH: given })).toMatchObject({ basePath });
  });

  it.each([
    ['/complete/ion', ''],
    ['/complete/ion/', '/2027jdoe'],
    ['/2027jdoe/complete/ion/', '/2027jdoe'],
    ['http://localhost:3000/complete/ion/', ''],
    ['http://localhost:3000/2027jdoe/complete/ion/', '/2027jdoe'],
  ])('accepts ION_CALLBACK_URL %s if BASE_PATH is "%s"', (callbackURL, basePath) => {
    const env = { ION_CALLBACK_URL: callbackURL, BASE_PATH: basePath };
    expect(settingsFrom(env)).toMatchObject({ callbackURL, basePath });
  });

  it.each([
    'redis://localhost',
    'redis://127.0.0.1:6379/',
    'redis://[::1]:6379/15',
    'redis://:p%40ss@127.0.0.1:6379',
    'rediss://app:p%2Fw@redis.example/1',
  ])('accepts REDIS_URL %s', (redisURL) => {
    expect(settingsFrom({ REDIS_URL: redisURL, SESSION_SECRET: SECRET })).toMatchObject({
      redisURL,
    });
  });

  it.each(['http://127.0.0.1:8000', 'http://localhost:8000/', 'https://ion.example'])(
    'accepts ION_BASE_URL %s',
    (baseURL) => {
      const { ion } = settingsFrom({ ...CREDENTIALS, ION_BASE_URL: baseURL });
      expect(ion).toMatchObject({ baseURL: baseURL.replace(/\/$/, '') });
    },
  );
});

describe('ION_CALLBACK_URL as a list', () => {
  const [first, second] = [
    'https://lunch.sites.tjhsst.edu/complete/ion/',
    'https://lunch.example/complete/ion',
  ];

  it.each([' ', ',', ', ', '\n'])('may be separated by %j', (separator) => {
    const env = { ...PRODUCTION, ION_CALLBACK_URL: first + separator + second };
    expect(settingsFrom(env)).toMatchObject({ callbackURL: [first, second] });
  });
});

describe('settingsFrom refuses, and names the variable:', () => {
  it.each<[string, Environment]>([
    ['NODE_ENV', { NODE_ENV: 'prod' }],
    ['PORT', { PORT: '80a' }],
    ['PORT', { PORT: '65536' }],
    ['PORT', { PORT: '-1' }],
    ['HOST', { HOST: 'http://localhost' }],
    ['TRUST_PROXY', { TRUST_PROXY: 'true' }],
    ['TRUST_PROXY', { TRUST_PROXY: '11' }],
    ['BASE_PATH', { BASE_PATH: '2027jdoe' }],
    ['BASE_PATH', { BASE_PATH: '/a//b' }],
    ['BASE_PATH', { BASE_PATH: '/a/../b' }],
    ['BASE_PATH', { BASE_PATH: '/a?b' }],
    ['ION_CALLBACK_URL', { ION_CALLBACK_URL: '/auth/callback' }],
    ['ION_CALLBACK_URL', { ION_CALLBACK_URL: 'localhost:3000/complete/ion/' }],
    ['ION_CALLBACK_URL', { ION_CALLBACK_URL: 'https://a.example/complete/ion/', BASE_PATH: '/b' }],
    ['ION_CALLBACK_URL', { ION_CALLBACK_URL: '/complete/ion/ http://localhost/complete/ion/' }],
    ['ION_CALLBACK_URL', { ...PRODUCTION, ION_CALLBACK_URL: '' }],
    ['ION_CALLBACK_URL', { ...PRODUCTION, ION_CALLBACK_URL: '/complete/ion/' }],
    ['ION_CALLBACK_URL', { ...PRODUCTION, ION_CALLBACK_URL: 'http://a.example/complete/ion/' }],
    ['TRUST_PROXY', { ...PRODUCTION, TRUST_PROXY: '' }],
    ['TRUST_PROXY', { ...PRODUCTION, TRUST_PROXY: '0' }],
    ['ION_BASE_URL', { ...PRODUCTION, ION_BASE_URL: 'http://127.0.0.1:8080' }],
    ['ION_BASE_URL', { ...PRODUCTION, ION_BASE_URL: 'https://localhost:8080' }],
    ['ION_CLIENT_SECRET', { ION_CLIENT_ID: 'the-id' }],
    ['ION_CLIENT_ID', { ION_CLIENT_SECRET: 'the-secret', ION_CLIENT_ID: '' }],
    ['ION_CLIENT_ID', { ...CREDENTIALS, ION_CLIENT_ID: 'the id' }],
    ['ION_BASE_URL', { ION_BASE_URL: 'http://127.0.0.1:8000' }],
    ['ION_BASE_URL', { ...CREDENTIALS, ION_BASE_URL: 'http://ion.example' }],
    ['ION_BASE_URL', { ...CREDENTIALS, ION_BASE_URL: 'http://127.0.0.1:8000/oauth' }],
    ['ION_BASE_URL', { ...CREDENTIALS, ION_BASE_URL: 'ion' }],
    ['SESSION_SECRET', { SESSION_SECRET: 'too short' }],
    ['SESSION_SECRET', { SESSION_SECRET: 'a'.repeat(32) }],
    ['SESSION_SECRET', { SESSION_SECRET: 'changed'.repeat(5) }],
    ['SESSION_SECRET', { SESSION_SECRET: `${SECRET}\u200b` }],
    ['SESSION_SECRET', { SESSION_SECRET: `${SECRET}\n${SECRET}` }],
    ['SESSION_SECRET', { REDIS_URL: 'redis://127.0.0.1:6379' }],
    ['REDIS_URL', { SESSION_SECRET: SECRET, REDIS_URL: '127.0.0.1:6379' }],
    ['REDIS_URL', { SESSION_SECRET: SECRET, REDIS_URL: 'http://127.0.0.1:6379' }],
    ['REDIS_URL', { SESSION_SECRET: SECRET, REDIS_URL: 'redis://' }],
    ['REDIS_URL', { SESSION_SECRET: SECRET, REDIS_URL: 'redis://127.0.0.1:99999' }],
    ['REDIS_URL', { SESSION_SECRET: SECRET, REDIS_URL: 'redis://127.0.0.1/first' }],
    ['REDIS_URL', { SESSION_SECRET: SECRET, REDIS_URL: 'redis://127.0.0.1/1?protocol=3' }],
    ['REDIS_URL', { SESSION_SECRET: SECRET, REDIS_URL: 'redis://:100%@127.0.0.1' }],
    ['REDIS_URL', { SESSION_SECRET: SECRET, REDIS_URL: 'redis://:%ff@127.0.0.1' }],
  ])('%s in %j', (name, env) => {
    const [, ...problems] = messageFor(env).split('\n  - ');
    expect(problems).toEqual([expect.stringMatching(new RegExp(`^${name} `)) as string]);
  });

  it.each(['short', 'a'.repeat(32), `${SECRET}\u200b`])(
    'the weak SESSION_SECRET %j, with the command that makes a good one',
    (secret) => {
      expect(messageFor({ SESSION_SECRET: secret })).toContain('node -e "console.log(require(');
    },
  );

  it('production without a session secret', () => {
    expect(messageFor({ ...PRODUCTION, SESSION_SECRET: '' })).toMatch(
      /SESSION_SECRET is not set, but production needs it; make one with: node -e/,
    );
  });

  it('production without credentials, which would let anyone sign in as anyone', () => {
    const env = { ...PRODUCTION, ION_CLIENT_ID: '', ION_CLIENT_SECRET: '' };
    expect(messageFor(env)).toMatch(/ION_CLIENT_ID and ION_CLIENT_SECRET are not set/);
  });

  it("production with the credentials that the local Ion's command uses", () => {
    const command = path.join(__dirname, '../../dist/local-ion/cli.js');
    const help = execFileSync(process.execPath, [command, '--help'], { encoding: 'utf8' });
    const [clientID = '', clientSecret = ''] = [/else (\S+)\)$/m, /else\n(\S+)\.$/m].map(
      (pattern) => pattern.exec(help)?.[1],
    );
    const env = { ...PRODUCTION, ION_CLIENT_ID: clientID, ION_CLIENT_SECRET: clientSecret };
    const message = messageFor(env);
    for (const name of ['ION_CLIENT_ID', 'ION_CLIENT_SECRET']) {
      expect(message).toContain(`\n  - ${name} is the local Ion's`);
    }
    expect(message).not.toContain(clientSecret);
    expect(settingsFrom({ ...env, NODE_ENV: 'development' }).ion).toMatchObject({ clientID });
  });

  it('several problems at once', () => {
    const message = messageFor({ NODE_ENV: 'production', PORT: 'x', ION_CLIENT_ID: 'the-id' });
    for (const name of ['PORT', 'SESSION_SECRET', 'ION_CLIENT_SECRET']) {
      expect(message).toContain(`\n  - ${name} `);
    }
  });

  it('without showing a value, which might be a secret in the wrong variable', () => {
    const value = 'hunter2 hunter2';
    const names = [
      'NODE_ENV',
      'TRUST_PROXY',
      'SESSION_SECRET',
      'PORT',
      'HOST',
      'BASE_PATH',
      'ION_CALLBACK_URL',
      'ION_CLIENT_ID',
      'ION_BASE_URL',
      'REDIS_URL',
    ];
    const message = messageFor(Object.fromEntries(names.map((name) => [name, value])));
    expect(message).not.toContain('hunter2');
  });
});
