// Which timers an action leaves behind that would keep the process from ending.

import { createHook } from 'node:async_hooks';
import { setImmediate as turn } from 'node:timers/promises';

/** Only those that began meanwhile: counted among all, timers of others would end or begin. */
export async function timersLeftBy(action: () => Promise<unknown>): Promise<NodeJS.Timeout[]> {
  const timers = new Map<number, NodeJS.Timeout>();
  const watch = createHook({
    init: (id, type, _trigger, timer) => {
      // The cast: that is what this type stands for.
      if (type === 'Timeout') timers.set(id, timer as NodeJS.Timeout);
    },
    destroy: (id) => void timers.delete(id),
  }).enable();
  const left = (): NodeJS.Timeout[] => [...timers.values()].filter((timer) => timer.hasRef());
  await action();
  // Node tells of ends in batches, after a while.
  for (let turns = 0; left().length > 0 && turns < 1_000; turns += 1) await turn();
  watch.disable();
  return left();
}
