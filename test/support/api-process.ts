// A program with an IonAPI whose token store several processes share. start-api-process.ts starts it.

import { readFile, rename, writeFile } from 'node:fs/promises';

import type { IonTokens } from '../../lib/tokens.js';
import { strategyAt } from './strategy-at.js';

const [, , baseURL = '', file = ''] = process.argv;

const strategy = strategyAt(baseURL);
const store = {
  // The cast is safe because the test writes nothing but tokens to this file.
  load: async () => JSON.parse(await readFile(file, 'utf8')) as IonTokens,
  save: async (tokens: IonTokens) => {
    const draft = `${file}.${process.pid}`;
    await writeFile(draft, JSON.stringify(tokens));
    await rename(draft, file);
  },
};

// Each message starts a round of requests, all sent at the same time.
process.on('message', (requests: number) => {
  const responses = Array.from({ length: requests }, () => strategy.api(store).get('/schedule'));
  void Promise.allSettled(responses).then((outcomes) => {
    process.send?.(
      outcomes.map((outcome) => (outcome.status === 'fulfilled' ? 'ok' : describe(outcome))),
    );
  });
});
process.send?.('ready');

function describe({ reason }: PromiseRejectedResult): string {
  return reason instanceof Error ? `${reason.name}: ${reason.message}` : 'no error';
}
