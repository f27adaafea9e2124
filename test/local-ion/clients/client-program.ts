// Runs an OAuth client as a separate program, while a person signs in to it with their browser.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import type { Person } from '../contract/support/provider-client.js';

/** Runs the program while `person` presses a button on the consent page, and returns the JSON that it prints. */
export async function signInTo(
  [command, ...parameters]: readonly [string, ...string[]],
  person: Person,
  choice: 'Authorize' | 'Cancel' = 'Authorize',
): Promise<unknown> {
  const client = spawn(command, parameters);
  let errors = '';
  client.stderr.on('data', (chunk: Buffer) => {
    errors += chunk.toString();
  });
  const lines = createInterface({ input: client.stdout })[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => {
    const line = await lines.next();
    if (line.done) throw new Error(`The client exited early:\n${errors}`);
    return line.value;
  };
  const request = new URL(await nextLine());
  const page = await person.authorize(Object.fromEntries(request.searchParams), choice);
  client.stdin.end(`${page.headers.get('location') ?? ''}\n`);
  return JSON.parse(await nextLine()) as unknown;
}
