// A CommonJS app on Express 4, with a verify function in Passport's form.
'use strict';

const express = require('express');
const session = require('express-session');
const passport = require('passport');
const { IonStrategy, Strategy, default: byDefault, toIonTokens } = require('passport-ion');

if (IonStrategy !== Strategy || IonStrategy !== byDefault)
  throw new Error('three names, three classes');

passport.use(
  new IonStrategy(
    {
      clientID: process.env.ION_CLIENT_ID,
      clientSecret: process.env.ION_CLIENT_SECRET,
      baseURL: process.env.ION_BASE_URL,
      callbackURL: '/complete/ion/',
    },
    (accessToken, refreshToken, params, profile, done) => {
      const { scope } = toIonTokens(accessToken, refreshToken, params);
      done(null, { id: profile.id, name: profile.displayName, scope });
    },
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
