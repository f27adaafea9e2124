// What the README's snippets take for granted: names that the text around them, or the app, provides.

declare const options: import('passport-ion').IonStrategyOptions;
declare const strategy: import('passport-ion').IonStrategy;
declare const tokens: import('passport-ion').IonTokens;
declare const user: { readonly id: string };

declare function findOrCreateUser(id: string, name: string): Promise<Express.User>;
declare function tokensOf(id: string): Promise<import('passport-ion').IonTokens | undefined>;
declare function keepTokens(id: string, tokens: import('passport-ion').IonTokens): Promise<void>;

declare module '*/app.js' {
  import type { Express } from 'express';

  export function createApp(ion: {
    baseURL: string;
    clientID: string;
    clientSecret: string | undefined;
  }): Express;
}
