// Finds the timers that an action leaves behind and that would keep the process alive.

import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';

/**
 * Marks what the action started, because Jest's reporters start timers in the same process at the same time.
 */
const ofTheAction = new AsyncLocalStorage<true>();

export async function timersLeftBy(action: () => Promise<unknown>): Promise<NodeJS.Timeout[]> {
  const timers = new Map<number, NodeJS.Timeout>();
  const watch = createHook({
    init: (id, type, _trigger, timer) => {
      // The cast is safe because a resource of this type is a timer.
      if (type === 'Timeout' && ofTheAction.getStore()) timers.set(id, timer as NodeJS.Timeout);
    },
    destroy: (id) => void timers.delete(id),
  }).enable();
  const left = (): NodeJS.Timeout[] => [...timers.values()].filter((timer) => timer.hasRef());
  await ofTheAction.run(true, action);
  // Wait, because Node reports ended timers in batches, after a while.
  for (let turns = 0; left().length > 0 && turns < 1_000; turns += 1) await turn();
  watch.disable();
  return left();
}
