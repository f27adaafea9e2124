// What the README's snippets take for granted: names that the text around them, or the app, provides.

import type { Express, Router } from 'express';
import type { Authenticator } from 'passport';

import type { IonStrategy, IonStrategyOptions, IonTokens } from 'passport-ion';

declare global {
  const app: Express;
  const routes: Router;
  const passport: Authenticator;
  const clientID: string;
  const clientSecret: string;
  const options: IonStrategyOptions;
  const strategy: IonStrategy;
  const tokens: IonTokens;
  const user: { readonly id: string };

  function findOrCreateUser(id: string, name: string): Promise<Express.User>;
  function tokensOf(id: string): Promise<IonTokens | undefined>;
  function keepTokens(id: string, tokens: IonTokens): Promise<void>;
}
