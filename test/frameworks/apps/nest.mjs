// A NestJS app with express-session, written without decorators so that it needs no compiler.

import 'reflect-metadata';

import process from 'node:process';

import { Controller, Get, Injectable, Module, Post, Req, Res, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { AuthGuard, PassportStrategy } from '@nestjs/passport';
import session from 'express-session';
import passport from 'passport';
import { IonStrategy } from 'passport-ion';

import { ion, listening, trustProxy, welcome } from './shared.mjs';

// With `true`, Nest makes a verify function with one more parameter than `validate` has: Passport's callback.
const arity = process.env.ARITY === 'yes' ? [true] : [];

class IonSignIn extends PassportStrategy(IonStrategy, 'ion', ...arity) {
  constructor() {
    super(ion);
  }

  validate(_accessToken, _refreshToken, profile) {
    return { name: profile.displayName };
  }
}
Injectable()(IonSignIn);

class IonGuard extends AuthGuard('ion') {
  async canActivate(context) {
    await super.canActivate(context);
    await this.logIn(context.switchToHttp().getRequest());
    return true;
  }
}

class AppController {
  home(req) {
    return welcome(req.user);
  }

  beginSignIn() {
    throw new Error('The guard sends everybody to Ion');
  }

  finishSignIn(res) {
    res.redirect('/');
  }

  signOut(req, res) {
    req.session.destroy(() => res.redirect('/'));
  }
}
Controller()(AppController);
route('home', [Get('/')], [Req()]);
route('beginSignIn', [Get('/login/ion'), UseGuards(AuthGuard('ion'))], []);
route('finishSignIn', [Get('/complete/ion'), UseGuards(IonGuard)], [Res()]);
route('signOut', [Post('/logout')], [Req(), Res()]);

class AppModule {}
Module({ controllers: [AppController], providers: [IonSignIn] })(AppModule);

passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

const app = await NestFactory.create(AppModule, { logger: ['error'] });
if (trustProxy) app.set('trust proxy', 1);
app.use(session({ secret: 'not a secret', resave: false, saveUninitialized: false }));
app.use(passport.initialize());
app.use(passport.session());
await app.listen(0, '127.0.0.1');
listening(app.getHttpServer());

/** Decorates a method and its parameters. */
function route(name, methodDecorators, parameterDecorators) {
  const { prototype } = AppController;
  const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
  for (const decorate of methodDecorators) decorate(prototype, name, descriptor);
  for (const [index, decorate] of parameterDecorators.entries()) decorate(prototype, name, index);
}
