// Starts a local Ion for one test, and stops it after the test.

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon, LocalIonOptions } from 'passport-ion/local-ion';

let ion: LocalIon | undefined;
afterEach(async () => {
  await ion?.stop();
  ion = undefined;
});

export async function start(options?: LocalIonOptions): Promise<LocalIon> {
  ion = await startLocalIon(options);
  return ion;
}
