// An ESM app on Express 5, with the default export and a verify function in the short form.

import express from 'express';
import session from 'express-session';
import passport from 'passport';
import IonStrategy, { IonStrategy as byName, Strategy } from 'passport-ion';

if (IonStrategy !== byName || IonStrategy !== Strategy)
  throw new Error('three names, three classes');

passport.use(
  new IonStrategy(
    {
      clientID: process.env.ION_CLIENT_ID,
      clientSecret: process.env.ION_CLIENT_SECRET,
      baseURL: process.env.ION_BASE_URL,
      callbackURL: '/complete/ion/',
    },
    async ({ profile, tokens }) => ({
      id: profile.id,
      name: profile.displayName,
      scope: tokens.scope,
    }),
  ),
);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

const app = express();
app.use(session({ secret: 'not a secret', resave: false, saveUninitialized: false }));
app.use(passport.session());
app.get('/login/ion', passport.authenticate('ion'));
app.get('/complete/ion/', passport.authenticate('ion', { successRedirect: '/' }));
app.get('/', (req, res) => res.json(req.user ?? null));

const server = app.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
