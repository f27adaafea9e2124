// An Express app with express-session.

import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { IonStrategy } from 'passport-ion';

import { ion, listening, trustProxy, welcome } from './shared.mjs';

passport.use(new IonStrategy(ion, ({ profile }) => ({ name: profile.displayName })));
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

const app = express();
if (trustProxy) app.set('trust proxy', 1);
app.use(session({ secret: 'not a secret', resave: false, saveUninitialized: false }));
// Only Passport versions before 0.6 need `passport.initialize`.
app.use(passport.initialize());
app.use(passport.session());
app.get('/login/ion', passport.authenticate('ion'));
app.get('/complete/ion/', passport.authenticate('ion', { successRedirect: '/' }));
app.post('/logout', (req, res) => req.session.destroy(() => res.redirect('/')));
app.get('/', (req, res) => res.send(welcome(req.user)));

const server = app.listen(0, '127.0.0.1', () => listening(server));
