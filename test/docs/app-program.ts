// Runs an app from a document as a reader would, with a local Ion.

import { writeFile } from 'node:fs/promises';

import type { LocalIon } from 'passport-ion/local-ion';

import { Program } from '../support/program.js';

export interface AppProgram {
  readonly program: Program;
  /** The app's address, such as `http://localhost:49152`. */
  readonly url: string;
}

/**
 * Saves the code at `path`, starts it with the environment variables that the documents tell people to set, and
 * waits until it is listening.
 */
export async function startAppProgram(
  path: string,
  code: string,
  ion: LocalIon,
  more: Readonly<Record<string, string>> = {},
): Promise<AppProgram> {
  await writeFile(path, code);
  const program = await Program.start(process.execPath, {
    arguments: [path],
    env: {
      PORT: '0',
      ION_BASE_URL: ion.baseURL,
      ION_CLIENT_ID: ion.clientID,
      ION_CLIENT_SECRET: ion.clientSecret ?? '',
      SESSION_SECRET: 'K3zq-pX81-vW0t-bN5m-yH2r-cJ7d-fL9s',
      STATE_SECRET: 'm4Xc-sD60-jF9z-qV2b-tG7n-aH1k-eL5w',
      TOKEN_SECRET: 'p5Zt-wQ80-kV2x-nB6m-uJ3r-eH7d-gL9s',
      ...more,
    },
  });
  await program.until('http://');
  const url = /http:\/\/localhost:\d+/.exec(program.printed)?.[0] ?? '';
  return { program, url };
}
