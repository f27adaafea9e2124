// Packs what `npm publish` would publish, once for all tests of this folder. TARBALL is its path.

import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Keeps a TARBALL that is set, so that the file that will be published can be tested. */
export default function pack(): void {
  if (process.env['TARBALL'] !== undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'passport-ion-tarball-'));
  const printed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: join(__dirname, '../..'),
    encoding: 'utf8',
  });
  // The build prints before it.
  const [packed] = JSON.parse(printed.slice(printed.indexOf('[\n'))) as [{ filename: string }];
  process.env['PACKED_HERE'] = folder;
  process.env['TARBALL'] = join(folder, packed.filename);
}
