// A process of its own that shares a store of tokens with others: what test/api/processes.test.ts starts.

import { readFile, rename, writeFile } from 'node:fs/promises';

import type { IonTokens } from '../../lib/tokens.js';
import { strategyAt } from './strategy-at.js';

const [, , baseURL = '', file = ''] = process.argv;

const strategy = strategyAt(baseURL);
const store = {
  // The cast: this test writes no other file.
  load: async () => JSON.parse(await readFile(file, 'utf8')) as IonTokens,
  save: async (tokens: IonTokens) => {
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, JSON.stringify(tokens));
    await rename(draft, file);
  },
};

// Each message is a round: some requests at once, as an app makes them for its users.
process.on('message', (requests: number) => {
  const asked = Array.from({ length: requests }, () => strategy.api(store).get('/schedule'));
  void Promise.allSettled(asked).then((answers) => {
    process.send?.(answers.map((answer) => (answer.status === 'fulfilled' ? 'ok' : named(answer))));
  });
});
process.send?.('ready');

function named({ reason }: PromiseRejectedResult): string {
  return reason instanceof Error ? `${reason.name}: ${reason.message}` : 'no error';
}
