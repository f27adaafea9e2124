// An app that signs people in with the compiled strategy.

import express from 'express';
import session from 'express-session';
import passport from 'passport';

import { strategy } from './out/strategy.js';

passport.use(strategy);
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

const app = express();
app.use(session({ secret: 'not a secret', resave: false, saveUninitialized: false }));
app.use(passport.session());
app.get('/login/ion', passport.authenticate('ion'));
app.get('/complete/ion/', passport.authenticate('ion', { successRedirect: '/' }));
app.get('/', (req, res) => res.send(req.user?.name ?? 'Nobody is signed in'));

const server = app.listen(0, '127.0.0.1', () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
