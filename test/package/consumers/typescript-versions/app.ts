// Uses the package as a TypeScript app would, with the current types of Express, Passport, and Node.

import express from 'express';
import passport from 'passport';
import { CookieStateStore, IonStrategy, TokenVault, schoolDay } from 'passport-ion';
import type {
  IonProfile,
  IonRequest,
  IonTokens,
  StateStore,
  StateStoreMetadata,
  StateStored,
  StateVerified,
  VerifyFunction,
} from 'passport-ion';
import { startLocalIon } from 'passport-ion/local-ion';

declare global {
  namespace Express {
    interface User {
      id: string;
      name: string;
    }
  }
}

const options = { clientID: process.env['ION_CLIENT_ID'], callbackURL: '/complete/ion/' };

// Verify functions: an async one in the short form, and one in Passport's form.
passport.use(
  new IonStrategy(
    { ...options, store: new CookieStateStore({ secret: process.env['STATE_SECRET'] }) },
    async ({ profile, tokens }) => {
      const { scope }: IonTokens = tokens;
      const user = { id: profile.id, name: profile.displayName };
      return Promise.resolve(scope.includes('read') ? user : false);
    },
  ),
);
const verify: VerifyFunction = (_accessToken, _refreshToken, profile, done) => {
  const { id, displayName }: IonProfile = profile;
  done(null, { id, name: displayName });
};

// The app's own state store, in the form that also keeps a PKCE verifier.
const signIns = new Map<string, { verifier: string; state: unknown }>();
const store: StateStore = {
  store(
    _req: IonRequest,
    verifier: string,
    state: unknown,
    meta: StateStoreMetadata,
    done: StateStored,
  ) {
    signIns.set(meta.clientID, { verifier, state });
    done(null, meta.clientID);
  },
  verify(_req: IonRequest, handle: string, done: StateVerified) {
    const { verifier, state } = signIns.get(handle) ?? {};
    done(null, verifier ?? false, state);
  },
};
const strategy = new IonStrategy({ ...options, store }, verify);
passport.use('connect-ion', strategy);

const state = { returnTo: '/lunch' };
const app = express();
app.get('/login/ion', passport.authenticate('ion', { state }));
app.get('/login', passport.authenticate(['ion'], { state, failureRedirect: '/' }));
app.get('/login/oauth2', passport.authenticate('oauth2', { state }));
app.get('/connect', passport.authorize('connect-ion', { failureRedirect: '/' }));
app.get('/connect/ion', passport.authorize('ion', { state }));
app.get('/me', (req, res) => {
  res.send(req.user?.name.toUpperCase());
});

// Uses Ion's API, the tokens, and the local Ion.
export async function rooms(tokens: IonTokens): Promise<string[]> {
  const api = strategy.api(tokens);
  const day = await api.get(`/schedule/${schoolDay()}`);
  const lines = day.day_type.blocks.map(({ name, start }) => `${start} ${name}`);
  for await (const block of api.pages('/blocks')) lines.push(block.block_letter);
  const { baseURL } = await startLocalIon();
  return [...lines, baseURL, new TokenVault(process.env['TOKEN_SECRET']).seal(tokens)];
}
