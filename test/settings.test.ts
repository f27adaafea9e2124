import http = require('node:http');
import https = require('node:https');
import { inspect } from 'node:util';

import { IonStrategy } from 'passport-ion';
import type { IonStrategyOptions } from 'passport-ion';

import { IonOptionError } from '../lib/errors.js';
import { settingsFrom } from '../lib/settings.js';
import type { Settings } from '../lib/settings.js';
import { fc, numberOfRuns } from './support/fast-check.js';

const least: IonStrategyOptions = {
  clientID: 'AbCdEfGh',
  clientSecret: 'Geheim-5',
  callbackURL: '/complete/ion/',
};

const secureAgent = new https.Agent();
const plainAgent = new http.Agent();

/** Returns the settings with these changes. Accepts mistakes that only a JavaScript app can make. */
function settingsWith(changes: object): Settings {
  return settingsFrom({ ...least, ...changes });
}

function refusalOf(options: unknown): IonOptionError {
  try {
    // Cast to pass invalid options, as a JavaScript app could.
    settingsFrom(options as IonStrategyOptions);
  } catch (error) {
    if (error instanceof IonOptionError) return error;
    throw error;
  }
  throw new Error('The options were to be refused');
}

const store = {
  store(_req: unknown, _verifier: unknown, _state: unknown, _meta: unknown, done: () => void) {
    done();
  },
  verify(_req: unknown, _state: unknown, done: () => void) {
    done();
  },
};

describe('settingsFrom, with only the required options', () => {
  it('fills in the safe default for every other option', () => {
    expect(settingsFrom(least)).toEqual({
      clientID: 'AbCdEfGh',
      clientSecret: 'Geheim-5',
      callbackURL: '/complete/ion/',
      scope: 'read',
      state: true,
      pkce: 'S256',
      timeout: 10_000,
      agent: undefined,
      // Cast because Jest types its matchers as `any`.
      endpoints: expect.objectContaining({
        origin: 'https://ion.tjhsst.edu',
        authorization: 'https://ion.tjhsst.edu/oauth/authorize/',
        token: 'https://ion.tjhsst.edu/oauth/token/',
        revocation: 'https://ion.tjhsst.edu/oauth/revoke_token/',
        profile: 'https://ion.tjhsst.edu/api/profile',
      }) as unknown,
      passReqToCallback: false,
      proxy: false,
      sessionKey: 'oauth2:ion.tjhsst.edu',
      store: undefined,
      customHeaders: {},
      skipUserProfile: false,
    });
  });

  it('needs only clientID and callbackURL for a public client', () => {
    const { clientID, callbackURL } = least;
    expect(settingsFrom({ clientID, callbackURL }).clientSecret).toBeUndefined();
  });
});

describe('settingsFrom, with an option that is undefined', () => {
  it.each([
    'clientSecret',
    'scope',
    'state',
    'pkce',
    'timeout',
    'agent',
    'baseURL',
    'passReqToCallback',
    'proxy',
    'sessionKey',
    'store',
    'customHeaders',
    'skipUserProfile',
  ])('treats it as left out: %s', (option) => {
    const left: Record<string, unknown> = { ...least };
    Reflect.deleteProperty(left, option);
    const given = settingsWith({ [option]: undefined });
    // The cast is safe because only optional options were left out.
    expect(JSON.stringify(given)).toBe(JSON.stringify(settingsFrom(left as never)));
  });
});

describe('settingsFrom accepts', () => {
  const cases: [keyof Settings, object, unknown][] = [
    ['scope', { scope: 'write' }, 'write'],
    ['scope', { scope: 'read write' }, 'read write'],
    ['scope', { scope: '  read   write ' }, 'read write'],
    ['scope', { scope: ['read', 'write'] }, 'read write'],
    ['scope', { scope: ['read write', 'openid'] }, 'read write openid'],
    ['state', { state: true }, true],
    ['state', { state: false, pkce: false }, false],
    ['state', { state: false, store }, false],
    ['pkce', { pkce: 'S256' }, 'S256'],
    ['pkce', { pkce: true }, 'S256'],
    ['pkce', { pkce: false }, false],
    ['timeout', { timeout: 1 }, 1],
    ['timeout', { timeout: 2 ** 31 - 1 }, 2 ** 31 - 1],
    ['agent', { agent: secureAgent }, secureAgent],
    ['agent', { agent: plainAgent, baseURL: 'http://127.0.0.1:8080' }, plainAgent],
    ['passReqToCallback', { passReqToCallback: true }, true],
    ['proxy', { proxy: true }, true],
    ['sessionKey', { sessionKey: 'logins' }, 'logins'],
    ['store', { store }, store],
    ['store', { store: true }, undefined],
    ['store', { store: false }, undefined],
    ['customHeaders', { customHeaders: { 'User-Agent': 'lunch/1' } }, { 'user-agent': 'lunch/1' }],
    [
      'customHeaders',
      { customHeaders: { 'X-A': ['1', '2'], 'x-b': 5 } },
      { 'x-a': ['1', '2'], 'x-b': '5' },
    ],
    ['skipUserProfile', { skipUserProfile: true }, true],
    ['clientID', { clientID: 'with spaces inside' }, 'with spaces inside'],
  ];

  it.each(cases)('%s in %j', (setting, changes, expected) => {
    expect(settingsWith(changes)[setting]).toEqual(expected);
  });

  it.each([
    '/',
    '/complete/ion',
    '/complete/ion/?next=1',
    'https://app.example/complete/ion/',
    'http://localhost:3000/complete/ion/',
    'https://user.tjhsst.edu/2027jdoe/complete/ion/',
  ])('callbackURL %s, and does not change it', (callbackURL) => {
    expect(settingsWith({ callbackURL }).callbackURL).toBe(callbackURL);
  });

  it('callbackURL as a list of full URLs, one for each origin, and does not change them', () => {
    const callbackURL = [
      'https://lunch.example/complete/ion/',
      'https://lunch.example:8443/complete/ion',
      'http://lunch.example/complete/ion/',
    ];
    expect(settingsWith({ callbackURL }).callbackURL).toEqual(callbackURL);
    expect(settingsWith({ callbackURL: callbackURL.slice(0, 1) }).callbackURL).toEqual([
      callbackURL[0],
    ]);
  });

  it.each([
    ['https://ion.example', 'https://ion.example'],
    ['https://ion.example/', 'https://ion.example'],
    ['https://ion.example:8443', 'https://ion.example:8443'],
    ['HTTPS://Ion.Example:443/', 'https://ion.example'],
    ['http://localhost:8000', 'http://localhost:8000'],
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8000'],
    ['http://127.8.9.1', 'http://127.8.9.1'],
    ['http://[::1]:8000', 'http://[::1]:8000'],
  ])('baseURL %s', (baseURL, origin) => {
    const { endpoints } = settingsWith({ baseURL });
    expect(endpoints.origin).toBe(origin);
    expect(endpoints.token).toBe(`${origin}/oauth/token/`);
  });

  it('baseURL, which changes the default sessionKey so that two Ions do not share sign-ins', () => {
    expect(settingsWith({ baseURL: 'http://localhost:8000' }).sessionKey).toBe('oauth2:localhost');
  });

  it('both forms of skipUserProfile', () => {
    for (const skipUserProfile of [
      () => true,
      (_token: string, done: () => void) => {
        done();
      },
    ]) {
      expect(settingsWith({ skipUserProfile }).skipUserProfile).toBe(skipUserProfile);
    }
  });

  it('options of other strategies, and ignores them', () => {
    const settings = settingsWith({ authorizationURL: 'https://x.example', trustProxy: 1 });
    expect(JSON.stringify(settings)).toBe(JSON.stringify(settingsFrom(least)));
  });
});

describe('settingsFrom refuses', () => {
  // Each row has an option, an invalid value, and what the message must say.
  const cases: [string, object, RegExp][] = [
    [
      'clientID',
      { clientID: undefined },
      /is missing: usually its environment variable is not set\..* node --env-file=\.env$/,
    ],
    ['clientID', { clientID: null }, /is missing/],
    ['clientID', { clientID: '' }, /is an empty string; set its environment variable$/],
    ['clientID', { clientID: ' AbC' }, /has whitespace around it; trim it/],
    ['clientID', { clientID: 'AbC\n' }, /has whitespace around it; trim it/],
    ['clientID', { clientID: 'Ab\0C' }, /has a character .*; copy it again from Ion/],
    ['clientID', { clientID: 'Ab\u200bC' }, /has a character .*; copy it again from Ion/],
    ['clientID', { clientID: '“AbC”' }, /has a character .*; copy it again from Ion/],
    ['clientID', { clientID: 5 }, /must be a string, not 5/],
    ['clientID', { clientID: ['AbC'] }, /must be a string, not an array/],
    [
      'clientSecret',
      { clientSecret: '' },
      /is an empty string; .*leave it out for a public client/,
    ],
    ['clientSecret', { clientSecret: 'Geheim ' }, /has whitespace around it; trim it/],
    [
      'clientSecret',
      { clientSecret: 'Ge\u0007heim' },
      /has a character .*; copy it again from Ion/,
    ],
    [
      'clientSecret',
      { clientSecret: 'Ge\u2011heim' },
      /has a character .*; copy it again from Ion/,
    ],
    ['clientSecret', { clientSecret: null }, /must be a string, not null/],
    ['clientSecret', { clientSecret: { a: 1 } }, /must be a string, not an object/],
    [
      'callbackURL',
      { callbackURL: undefined },
      /is missing; give the full URL that is registered with Ion, a list of such URLs, or/,
    ],
    ['callbackURL', { callbackURL: '' }, /is missing/],
    [
      'callbackURL',
      { callbackURL: null },
      /is neither an http\(s\) URL nor a path; give .*; got null/,
    ],
    ['callbackURL', { callbackURL: 'complete/ion/' }, /neither.*got "complete\/ion\/"/],
    ['callbackURL', { callbackURL: 'app.example/complete' }, /neither/],
    ['callbackURL', { callbackURL: '//app.example/complete' }, /neither/],
    ['callbackURL', { callbackURL: '/\\app.example' }, /neither/],
    ['callbackURL', { callbackURL: 'ftp://app.example/' }, /neither/],
    ['callbackURL', { callbackURL: 'javascript:alert(1)' }, /neither/],
    ['callbackURL', { callbackURL: 'https://' }, /neither/],
    ['callbackURL', { callbackURL: 'https://app.example:port/' }, /neither/],
    ['callbackURL', { callbackURL: '/complete ion' }, /neither/],
    ['callbackURL', { callbackURL: '/complete\n' }, /neither/],
    ['callbackURL', { callbackURL: '/vollständig' }, /neither/],
    ['callbackURL', { callbackURL: new URL('https://app.example') }, /neither.*got an object/],
    ['callbackURL', { callbackURL: 'https://app.example\\x' }, /neither/],
    ['callbackURL', { callbackURL: [] }, /is an empty list; give the full URL/],
    [
      'callbackURL',
      { callbackURL: ['/complete/ion/'] },
      /may list full URLs only.*got "\/complete/,
    ],
    [
      'callbackURL',
      { callbackURL: ['https://app.example/complete/ion/', '/complete/ion/'] },
      /may list full URLs only; put the scheme and host before it; got "\/complete\/ion\/"/,
    ],
    [
      'callbackURL',
      { callbackURL: ['https://app.example/complete/ion/', undefined] },
      /is neither an http\(s\) URL nor a path.*got undefined/,
    ],
    ['callbackURL', { callbackURL: [['https://app.example/']] }, /neither.*got an array/],
    [
      'callbackURL',
      {
        callbackURL: ['https://app.example/complete/ion/', 'HTTPS://App.example:443/complete/ion'],
      },
      /lists two URLs with the same origin; keep the one that is used; got "https:\/\/app\.example"/,
    ],
    ['callbackURL', { callbackURL: '/complete#x' }, /must have no fragment/],
    ['callbackURL', { callbackURL: 'https://app.example/#' }, /must have no fragment/],
    [
      'scope',
      { scope: 'read,write' },
      /'read,write' has commas.*invalid_scope; write 'read write' or \['read', 'write'\]/,
    ],
    ['scope', { scope: 'read, write' }, /write 'read write' or \['read', 'write'\]/],
    ['scope', { scope: ['read,write'] }, /write 'read write' or \['read', 'write'\]/],
    ['scope', { scope: '' }, /must name at least one scope; leave it out for 'read'/],
    ['scope', { scope: '  ' }, /must name at least one scope/],
    ['scope', { scope: [] }, /must name at least one scope/],
    ['scope', { scope: 'read\nwrite' }, /must be names such as 'read' with spaces between/],
    ['scope', { scope: 'lesen "x"' }, /must be names such as 'read'/],
    ['scope', { scope: 5 }, /must be a string or an array of strings; got 5/],
    ['scope', { scope: ['read', 5] }, /must be a string or an array of strings/],
    ['scope', { scope: ['read', undefined] }, /must be a string or an array of strings/],
    ['scope', { scope: { read: true } }, /must be a string or an array of strings; got an object/],
    ['state', { state: 'x' }, /must be true or false; got "x"/],
    ['state', { state: null }, /must be true or false; got null/],
    ['state', { state: false }, /state is off while pkce is on.*leave state on/],
    ['pkce', { pkce: 'plain' }, /sends the verifier in the clear; use 'S256'/],
    ['pkce', { pkce: 's256' }, /must be 'S256' or false; got "s256"/],
    ['pkce', { pkce: null }, /must be 'S256' or false; got null/],
    [
      'pkce',
      { pkce: false, clientSecret: undefined },
      /pkce is off and there is no clientSecret.*leave pkce on, or give the clientSecret/,
    ],
    ['timeout', { timeout: 0 }, /must be a positive number of milliseconds.*got 0/],
    ['timeout', { timeout: -1 }, /must be a positive number of milliseconds.*got -1/],
    ['timeout', { timeout: NaN }, /must be a positive number of milliseconds.*got NaN/],
    [
      'timeout',
      { timeout: Infinity },
      /must be a positive number of milliseconds, at most 2147483647; got Infinity/,
    ],
    ['timeout', { timeout: 2 ** 31 }, /at most 2147483647/],
    ['timeout', { timeout: '5000' }, /must be a positive number of milliseconds.*got "5000"/],
    ['timeout', { timeout: 5n }, /must be a positive number of milliseconds.*got a bigint/],
    ['agent', { agent: {} }, /agent must be an agent, such as an https.Agent; got an object/],
    ['agent', { agent: true }, /agent must be an agent, such as an https.Agent; got true/],
    ['agent', { agent: plainAgent }, /agent is an http.Agent, but Ion is at an https URL/],
    [
      'baseURL',
      { baseURL: 'ion.example' },
      /must be a URL such as 'https:\/\/ion.tjhsst.edu'; got "ion.example"/,
    ],
    ['baseURL', { baseURL: '' }, /must be a URL/],
    ['baseURL', { baseURL: 'ftp://ion.example' }, /must be a URL/],
    ['baseURL', { baseURL: 5 }, /must be a URL.*got 5/],
    [
      'baseURL',
      { baseURL: 'http://ion.example' },
      /is http on a host that is not loopback.*use https; got "http:\/\/ion.example"/,
    ],
    ['baseURL', { baseURL: 'http://localhost.example' }, /is not loopback/],
    ['baseURL', { baseURL: 'http://127.0.0.1.example' }, /is not loopback/],
    ['baseURL', { baseURL: 'http://0.0.0.0' }, /is not loopback/],
    ['baseURL', { baseURL: 'http://evil-localhost' }, /is not loopback/],
    ['baseURL', { baseURL: 'http://ion.localhost' }, /is http on a host that is not/],
    ['baseURL', { baseURL: 'http://127.0.0.1.evil.example' }, /is http on a host that is not/],
    ['baseURL', { baseURL: 'http://[::2]' }, /is http on a host that is not/],
    ['baseURL', { baseURL: 'https://ion.example/oauth' }, /must be only scheme, host and port/],
    ['baseURL', { baseURL: 'https://ion.example/?x=1' }, /must be only scheme, host and port/],
    ['baseURL', { baseURL: 'https://ion.example/#x' }, /must be only scheme, host and port/],
    ['baseURL', { baseURL: 'https://me:pass@ion.example' }, /must be only scheme, host and port/],
    ['passReqToCallback', { passReqToCallback: 'yes' }, /must be true or false; got "yes"/],
    ['proxy', { proxy: 1 }, /must be true or false; got 1/],
    [
      'sessionKey',
      { sessionKey: '' },
      /must be a name that can be a key of the session, such as 'ion'; got ""/,
    ],
    ['sessionKey', { sessionKey: '__proto__' }, /must be a name that can be a key/],
    ['sessionKey', { sessionKey: 'constructor' }, /must be a name that can be a key/],
    ['sessionKey', { sessionKey: 5 }, /must be a name.*got 5/],
    ['store', { store: 'redis' }, /must have the methods store and verify/],
    ['store', { store: {} }, /must have the methods store and verify.*got an object/],
    ['store', { store: { store: () => undefined } }, /must have the methods store and verify/],
    ['store', { store: null }, /must have the methods store and verify.*got null/],
    ['customHeaders', { customHeaders: 'x' }, /must be an object of names and values; got "x"/],
    [
      'customHeaders',
      { customHeaders: ['x'] },
      /must be an object of names and values; got an array/,
    ],
    ['customHeaders', { customHeaders: new Headers({ 'X-A': 'b' }) }, /must be an object/],
    ['customHeaders', { customHeaders: { 'X A': 'b' } }, /that HTTP does not allow, at "X A"/],
    ['customHeaders', { customHeaders: { 'X-A': 'b\r\nc' } }, /that HTTP does not allow, at "X-A"/],
    [
      'customHeaders',
      { customHeaders: { 'X-A': undefined } },
      /that HTTP does not allow, at "X-A"/,
    ],
    ['customHeaders', { customHeaders: { 'X-A': null } }, /that HTTP does not allow, at "X-A"/],
    ['customHeaders', { customHeaders: { 'X-A': {} } }, /that HTTP does not allow, at "X-A"/],
    [
      'customHeaders',
      { customHeaders: { 'X-A': ['b', 'c\n'] } },
      /that HTTP does not allow, at "X-A"/,
    ],
    [
      'customHeaders',
      { customHeaders: { 'X-A': ['b', undefined] } },
      /that HTTP does not allow, at "X-A"/,
    ],
    [
      'customHeaders',
      { customHeaders: { ORIGIN: 'https://x.example' } },
      /holds ORIGIN, which Ion refuses.*leave it out/,
    ],
    [
      'customHeaders',
      { customHeaders: { 'Content-Length': 5 } },
      /holds Content-Length, which must fit the body of each request; leave it out/,
    ],
    ['customHeaders', { customHeaders: { 'transfer-encoding': 'chunked' } }, /leave it out/],
    ['skipUserProfile', { skipUserProfile: 'yes' }, /must be a boolean or a function; got "yes"/],
    ['skipUserProfile', { skipUserProfile: null }, /must be a boolean or a function; got null/],
    ['clientID', { clientid: 'x' }, /there is no option clientid; it is spelled clientID/],
    [
      'clientSecret',
      { ClientSecret: 'x' },
      /there is no option ClientSecret; it is spelled clientSecret/,
    ],
    [
      'callbackURL',
      { callbackUrl: '/x' },
      /there is no option callbackUrl; it is spelled callbackURL/,
    ],
    ['baseURL', { baseUrl: 'x' }, /there is no option baseUrl; it is spelled baseURL/],
  ];

  const titled = cases.map(([option, changes, message]): [string, string, object, RegExp] => [
    option,
    inspect(changes),
    changes,
    message,
  ]);

  it.each(titled)('%s in %s', (option, _shown, changes, message) => {
    const error = refusalOf({ ...least, ...changes });
    expect(error).toMatchObject({ code: 'ERR_ION_OPTION', option, name: 'IonOptionError' });
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(message);
    expect(error.message).toMatch(/^IonStrategy: /);
    expect(error.message).toContain(option);
  });

  it.each([
    [undefined, 'undefined'],
    [null, 'null'],
    ['x', '"x"'],
    [[], 'an array'],
    [() => undefined, 'a function'],
  ])('options that are %p', (options, got) => {
    const error = refusalOf(options);
    expect(error).toMatchObject({ code: 'ERR_ION_OPTION', option: 'options' });
    expect(error.message).toBe(`IonStrategy: options must be an object; got ${got}`);
  });

  it('a long value, and shows only its beginning in the message', () => {
    const { message } = refusalOf({ ...least, baseURL: 'x'.repeat(5_000) });
    expect(message.length).toBeLessThan(250);
  });

  it.each([
    ['clientSecret', 'hunter2 '],
    ['clientSecret', 'hunter2\0'],
    ['clientSecret', 'hunter2€'],
    ['clientID', 'hunter2 '],
    ['clientID', 'hunter2\x7f'],
  ])('%s, and does not show it: %j', (option, secret) => {
    const error = refusalOf({ ...least, [option]: secret });
    expect([error.message, error.stack, JSON.stringify(error)].join()).not.toContain('hunter2');
  });
});

describe('settingsFrom, with the options object', () => {
  const whole = (): IonStrategyOptions & {
    scope: string[];
    customHeaders: { 'X-A': string[] };
  } => ({
    ...least,
    scope: ['read'],
    customHeaders: { 'X-A': ['1'] },
    timeout: 5_000,
  });

  it('accepts a frozen object, and changes nothing in it', () => {
    const options = whole();
    const before = structuredClone(options);
    for (const part of [
      options,
      options.scope,
      options.customHeaders,
      options.customHeaders['X-A'],
    ]) {
      Object.freeze(part);
    }
    new IonStrategy(options, ({ profile }) => ({ id: profile.id }));
    expect(options).toEqual(before);
  });

  it('does not read it again later', () => {
    const options = whole();
    const settings = settingsFrom(options);
    const before = structuredClone({ ...settings, endpoints: undefined });
    options.clientID = 'other';
    options.timeout = 1;
    options.scope.push('write');
    options.customHeaders['X-A'].push('2');
    Object.assign(options.customHeaders, { 'X-B': '3' });
    expect({ ...settings, endpoints: undefined }).toEqual(before);
  });

  it('reads inherited options too, such as those of an instance of a class', () => {
    const options = Object.create(least) as IonStrategyOptions;
    expect(settingsFrom(options).clientID).toBe('AbCdEfGh');
  });
});

describe('settingsFrom, with any value for any option', () => {
  const names = Object.keys(settingsFrom(least)).map((name) =>
    name === 'endpoints' ? 'baseURL' : name,
  );

  it('accepts it, or throws an error that names the option', () => {
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.anything(), (option, value) => {
        try {
          settingsWith({ [option]: value });
        } catch (error) {
          expect(error).toBeInstanceOf(IonOptionError);
          expect((error as IonOptionError).option).toMatch(new RegExp(`${option}|pkce|state`));
        }
      }),
      numberOfRuns(1000),
    );
  });
});
