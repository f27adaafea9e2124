// Tests that SessionState.keepOthers moves other in-flight sign-ins to the new session that logIn begins.

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import cookieSession from 'cookie-session';
import express from 'express';
import type { Express, Request, RequestHandler } from 'express';
import session from 'express-session';
import { Passport } from 'passport';

import { endpointsOf } from '../../lib/endpoints.js';
import { SessionState } from '../../lib/sign-in/session-state.js';
import { Browser } from '../support/browser.js';

const KEY = 'oauth2:ion.example';
const ROOT = 'https://app.example/complete/ion/';
const signIns = new SessionState({
  sessionKey: KEY,
  timeout: 10_000,
  endpoints: endpointsOf('https://ion.example'),
  clientID: 'an-id',
});

const servers: Server[] = [];

afterEach(async () => {
  for (const server of servers.splice(0)) {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }
});

type LogIn = (req: Request, done: (error?: unknown) => void) => void;

const user = { id: '3' };
const keepSession = { session: true, keepSessionInfo: true };
const asPassportDoes: LogIn = (req, done) => {
  req.logIn(user, { session: true }, done);
};
const withoutCallback: LogIn = (req, done) => {
  // Cast because Passport's declarations require a callback, which logIn does not need here.
  (req.logIn as (user: object, options: object) => void)(user, { session: false });
  done();
};
const ways: [string, LogIn][] = [
  ['as Passport does it', asPassportDoes],
  [
    'without options',
    (req, done) => {
      req.logIn(user, done);
    },
  ],
  [
    'by its other name',
    (req, done) => {
      req.login(user, done);
    },
  ],
  [
    'keeping the rest too',
    (req, done) => {
      req.logIn(user, keepSession, done);
    },
  ],
  [
    'without a session',
    (req, done) => {
      req.logIn(user, { session: false }, done);
    },
  ],
  ['without a session and a callback', withoutCallback],
];

/** Starts an app in which one route begins a sign-in, and another finishes it without Ion. */
async function startBareApp(sessions: RequestHandler[], logIn: LogIn): Promise<string> {
  const passport = new Passport();
  passport.serializeUser((given, done) => {
    done(null, given);
  });
  const app: Express = express();
  app.use(...sessions, passport.initialize() as RequestHandler);
  app.get('/begin', (req, res, next) => {
    Object.assign(sessionOf(req), { note: 'planted' });
    signIns.begin(req, { redirectURI: ROOT }).then((handle) => res.send(handle), next);
  });
  app.get('/finish/:handle', (req, res, next) => {
    signIns.take(req, req.params.handle, ROOT).then(async (taken) => {
      await signIns.keepOthers(req, req.params.handle);
      logIn(req, (error) => {
        if (error) next(error);
        else res.json({ found: 'signIn' in taken, user: req.user });
      });
    }, next);
  });
  app.get('/session', (req, res) => {
    res.json({ ...sessionOf(req), cookie: undefined });
  });
  const server = app.listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  // The cast is safe because a server that listens on a port has an AddressInfo.
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function sessionOf(req: Request): Record<string, unknown> {
  // The cast is safe because a session accepts any key.
  return req.session as unknown as Record<string, unknown>;
}

const ofExpress = (): RequestHandler[] => [
  session({ secret: 'a secret for tests', resave: false, saveUninitialized: false }),
];

/**
 * Returns cookie-session, and middleware that adds the session methods that Passport calls but cookie-session
 * lacks.
 */
const ofCookies = (): RequestHandler[] => [
  cookieSession({ keys: ['a key'] }),
  (req, _res, next): void => {
    const call = (done: () => void): void => {
      done();
    };
    const regenerate = (done: () => void): void => {
      req.session = null as never;
      req.session = {} as never;
      add();
      done();
    };
    const add = (): void => {
      Object.defineProperties(req.session, {
        regenerate: { value: regenerate, configurable: true },
        save: { value: call, configurable: true },
      });
    };
    add();
    next();
  },
];

const kinds: [string, () => RequestHandler[]][] = [
  ['express-session', ofExpress],
  ['cookie-session', ofCookies],
];

async function textOf(browser: Browser, url: string): Promise<string> {
  return (await browser.get(url)).text;
}

describe.each(kinds)('SessionState.keepOthers, with %s', (_kind, sessions) => {
  it.each(ways)('keeps the other sign-ins when the app calls logIn %s', async (_way, logIn) => {
    const app = await startBareApp(sessions(), logIn);
    const browser = new Browser();
    const handles: string[] = [];
    for (let tab = 0; tab < 3; tab += 1) handles.push(await textOf(browser, `${app}/begin`));
    for (const handle of handles.reverse()) {
      const finished: unknown = JSON.parse(await textOf(browser, `${app}/finish/${handle}`));
      expect(finished).toEqual({ found: true, user });
    }
    const again: unknown = JSON.parse(await textOf(browser, `${app}/finish/${String(handles[0])}`));
    expect(again).toMatchObject({ found: false });
  });

  it('keeps nothing else', async () => {
    const app = await startBareApp(sessions(), asPassportDoes);
    const browser = new Browser();
    const first = await textOf(browser, `${app}/begin`);
    const second = await textOf(browser, `${app}/begin`);
    await browser.get(`${app}/finish/${first}`);
    expect(JSON.parse(await textOf(browser, `${app}/session`))).toEqual({
      passport: { user },
      [KEY]: [expect.objectContaining({ handle: second })],
    });
  });

  it('adds nothing to the session if there are no others', async () => {
    const app = await startBareApp(sessions(), asPassportDoes);
    const browser = new Browser();
    await browser.get(`${app}/finish/${await textOf(browser, `${app}/begin`)}`);
    expect(JSON.parse(await textOf(browser, `${app}/session`))).toEqual({ passport: { user } });
  });

  it('does not add the user to the session if logIn was called without one', async () => {
    const app = await startBareApp(sessions(), withoutCallback);
    const browser = new Browser();
    const [first] = [await textOf(browser, `${app}/begin`), await textOf(browser, `${app}/begin`)];
    await browser.get(`${app}/finish/${first}`);
    expect(JSON.parse(await textOf(browser, `${app}/session`))).not.toHaveProperty('passport');
  });
});

describe('SessionState.keepOthers, when logIn fails', () => {
  it('passes the error to the app, and writes nothing', async () => {
    let failures = 0;
    const failing: RequestHandler = (req, _res, next) => {
      req.session.regenerate = (done) => {
        failures += 1;
        done(new Error('the store is down'));
        return req.session;
      };
      next();
    };
    const app = await startBareApp([...ofExpress(), failing], (req, done) => {
      req.logIn(user, (error) => {
        expect(sessionOf(req)[KEY]).toHaveLength(1);
        done(error);
      });
    });
    const browser = new Browser();
    const [first] = [await textOf(browser, `${app}/begin`), await textOf(browser, `${app}/begin`)];
    expect((await browser.get(`${app}/finish/${first}`)).status).toBe(500);
    expect(failures).toBe(1);
  });
});
