// Bundles code that uses the library into one script, as bundlers for apps do.

import { join } from 'node:path';

import { buildSync } from 'esbuild';

const ROOT = join(__dirname, '../..');

/** Bundles the code into one script. Its dependencies are either inside it too, or still required when it runs. */
export function bundle(code: string, dependencies: 'inside' | 'required'): string {
  const { outputFiles } = buildSync({
    stdin: { contents: code, resolveDir: ROOT },
    bundle: true,
    write: false,
    platform: 'node',
    logLevel: 'silent',
    ...(dependencies === 'required' && { packages: 'external' }),
  });
  return outputFiles[0]?.text ?? '';
}
