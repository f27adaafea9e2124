// A Koa app with koa-session and koa-passport. In-flight sign-ins are kept in cookies.

import process from 'node:process';

import Router from '@koa/router';
import Koa from 'koa';
import passport from 'koa-passport';
import session from 'koa-session';
import { CookieStateStore, IonStrategy } from 'passport-ion';

import { ion, listening, trustProxy, welcome } from './shared.mjs';

const store = new CookieStateStore({ secret: process.env.STATE_SECRET });
passport.use(new IonStrategy({ ...ion, store }, ({ profile }) => ({ name: profile.displayName })));
passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

const sessions = new Map();
const sessionStore = {
  get: (id) => sessions.get(id),
  set: (id, value) => void sessions.set(id, value),
  destroy: (id) => void sessions.delete(id),
};

const app = new Koa({ proxy: trustProxy });
app.keys = ['not a secret'];
// Without a store, koa-session keeps the whole session in its cookie.
app.use(session(process.env.SESSION_IN_COOKIE ? {} : { store: sessionStore }, app));
app.use(passport.initialize());
app.use(passport.session());

const router = new Router();
router.get('/login/ion', passport.authenticate('ion'));
router.get('/complete/ion/', passport.authenticate('ion', { successRedirect: '/' }));
router.post('/logout', (ctx) => {
  ctx.session = null;
  ctx.redirect('/');
});
router.get('/', (ctx) => {
  ctx.body = welcome(ctx.state.user);
});
app.use(router.routes());

const server = app.listen(0, '127.0.0.1', () => listening(server));
