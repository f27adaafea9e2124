// Packs what `npm publish` would publish, once for all tests in this folder. Sets TARBALL to its path.

import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Packs the package. Does nothing if TARBALL is already set, so that the file to be published can be tested.
 */
export default function pack(): void {
  if (process.env['TARBALL'] !== undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'passport-ion-tarball-'));
  const printed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: join(__dirname, '../..'),
    encoding: 'utf8',
  });
  // The output begins with what the build prints. npm's JSON comes after that.
  const [packed] = JSON.parse(printed.slice(printed.indexOf('[\n'))) as [{ filename: string }];
  process.env['PACKED_HERE'] = folder;
  process.env['TARBALL'] = join(folder, packed.filename);
}
