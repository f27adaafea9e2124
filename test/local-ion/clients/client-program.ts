// Runs a client as a program of its own, while somebody signs in to it at their browser.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import type { Person } from '../contract/ion.js';

/** What the program printed at its end, after `person` pressed a button of the consent page. */
export async function signInTo(
  [command, ...parameters]: readonly [string, ...string[]],
  person: Person,
  choice: 'Authorize' | 'Cancel' = 'Authorize',
): Promise<unknown> {
  const client = spawn(command, parameters);
  let complaint = '';
  client.stderr.on('data', (chunk: Buffer) => {
    complaint += chunk.toString();
  });
  const lines = createInterface({ input: client.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done) throw new Error(`The client ended early:\n${complaint}`);
    return line.value;
  };
  const request = new URL(await nextLine());
  const page = await person.authorize(Object.fromEntries(request.searchParams), choice);
  client.stdin.end(`${page.headers.get('location') ?? ''}\n`);
  return JSON.parse(await nextLine()) as unknown;
}
