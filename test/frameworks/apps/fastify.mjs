// A Fastify app with @fastify/passport, and @fastify/session or @fastify/secure-session. In-flight sign-ins are
// kept in cookies.

import { randomBytes } from 'node:crypto';
import process from 'node:process';

import fastifyCookie from '@fastify/cookie';
import { Authenticator } from '@fastify/passport';
import secureSession from '@fastify/secure-session';
import fastifySession from '@fastify/session';
import Fastify from 'fastify';
import { CookieStateStore, IonStrategy } from 'passport-ion';

import { ion, listening, trustProxy, welcome } from './shared.mjs';

const app = Fastify({ trustProxy });

// Fastify requests have no reference to their reply, which the store needs to set cookies.
app.decorateRequest('reply', null);
app.addHook('onRequest', async (request, reply) => {
  request.reply = reply;
});
const store = new CookieStateStore({
  secret: process.env.STATE_SECRET,
  response: (request) => request.reply,
});

const passport = new Authenticator();
passport.use(
  'ion',
  new IonStrategy({ ...ion, store }, ({ profile }) => ({ name: profile.displayName })),
);
passport.registerUserSerializer(async (user) => user);
passport.registerUserDeserializer(async (user) => user);

await app.register(fastifyCookie);
const isSecureSession = process.env.SESSION === 'secure-session';
if (isSecureSession) {
  await app.register(secureSession, {
    key: randomBytes(32),
    cookie: { path: '/', httpOnly: true },
  });
} else {
  await app.register(fastifySession, {
    secret: 'not a secret, and long enough for Fastify',
    cookie: { secure: false },
    saveUninitialized: false,
  });
}
await app.register(passport.initialize());
await app.register(passport.secureSession());

app.get('/login/ion', { preValidation: passport.authenticate('ion') }, () => undefined);
app.get(
  '/complete/ion/',
  { preValidation: passport.authenticate('ion', { successRedirect: '/' }) },
  () => undefined,
);
// Accept a form's content type, but ignore its body, because the sign-out doesn't need anything from it.
app.addContentTypeParser('application/x-www-form-urlencoded', (_request, _body, done) => done());
app.post('/logout', async (request, reply) => {
  if (isSecureSession) request.session.delete();
  else await request.session.destroy();
  return reply.redirect('/');
});
app.get('/', async (request) => welcome(request.user));

await app.listen({ port: 0, host: '127.0.0.1' });
listening(app.server);
