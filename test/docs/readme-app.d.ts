// The app that the README's example of a test imports.

declare module '*/app.js' {
  import type { Express } from 'express';

  export function createApp(ion: {
    baseURL: string;
    clientID: string;
    clientSecret: string | undefined;
  }): Express;
}
