// All API routes of a Next app: Express middleware in next-connect, with express-session.

import process from 'node:process';

import session from 'express-session';
import { createRouter, expressWrapper } from 'next-connect';
import passport from 'passport';
import { CookieStateStore, IonStrategy } from 'passport-ion';

import { ion, welcome } from '../../../shared.mjs';

const secret = process.env.STATE_SECRET;
const options = {
  ...ion,
  // This must be the full URL, because Next runs the build with NODE_ENV=production.
  callbackURL: process.env.ION_CALLBACK_URL,
  ...(secret ? { store: new CookieStateStore({ secret }) } : {}),
};
passport.use(new IonStrategy(options, ({ profile }) => ({ name: profile.displayName })));
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

export default createRouter()
  .use((req, res, next) => {
    // Next's requests have no reference to their response, which CookieStateStore needs to set cookies.
    req.res = res;
    return next();
  })
  .use(expressWrapper(session({ secret: 'not a secret', resave: false, saveUninitialized: false })))
  .use(expressWrapper(passport.session()))
  .get('/api/login/ion', passport.authenticate('ion'))
  .get('/api/complete/ion', passport.authenticate('ion', { successRedirect: '/api/home' }))
  .post('/api/logout', (req, res) => req.session.destroy(() => res.redirect(303, '/api/home')))
  .get('/api/home', (req, res) => res.send(welcome(req.user)))
  .handler();
