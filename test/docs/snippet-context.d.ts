// Names that snippets use without declaring them: the text around the snippet, or the app, provides them.

import type { Express, Router } from 'express';
import type expressSession from 'express-session';
import type { Authenticator } from 'passport';

import type { IonAPI, IonRequest, IonStrategy, IonStrategyOptions, IonTokens } from 'passport-ion';

declare global {
  const app: Express;
  const routes: Router;
  const session: typeof expressSession;
  const passport: Authenticator;
  const clientID: string;
  const clientSecret: string;
  const newSecret: string;
  const oldSecret: string;
  const options: IonStrategyOptions;
  const strategy: IonStrategy;
  const api: IonAPI;
  const tokens: IonTokens;
  const user: { readonly id: string };

  /** What next-connect exports. */
  interface NextRouter {
    use(middleware: unknown): this;
    get(path: string, middleware: unknown): this;
    handler(): unknown;
  }
  function createRouter(): NextRouter;
  function expressWrapper(middleware: unknown): unknown;

  function findOrCreateUser(id: string, name: string): Promise<Express.User>;
  function findUser(id: string): Promise<Express.User | undefined>;
  function wantedPage(req: IonRequest): string;
  function keepVisit(id: string): Promise<void>;
  function tokensOf(id: string): Promise<IonTokens | undefined>;
  function keepTokens(id: string, tokens: IonTokens): Promise<void>;
}
