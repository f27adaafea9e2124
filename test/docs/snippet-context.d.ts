// Declares names that snippets use but don't declare, because the text around them or the app provides them.

import type { Express, Router } from 'express';
import type expressSession from 'express-session';
import type { Authenticator } from 'passport';

import type {
  IonAPI,
  IonRequest,
  IonStrategy,
  IonStrategyOptions,
  IonTokens,
  TokenVault,
} from 'passport-ion';

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
  const vault: TokenVault;
  const user: { readonly id: string };

  /** The router from next-connect. */
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
  /** A database row with tokens as passport-oauth2 and simple-oauth2 return them. */
  interface OldRow {
    readonly user_id: string;
    readonly access_token: string;
    readonly refresh_token: string;
  }
  function oldRows(): Promise<OldRow[]>;
  function keepSealed(id: string, sealed: string): Promise<void>;
  function keepTokens(id: string, tokens: IonTokens): Promise<void>;
}
