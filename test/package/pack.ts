// Packs what `npm publish` would publish, once for all tests here; they find it in TARBALL.

import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Leaves a tarball that was given, so that the very file can be tested that is then published. */
export default function pack(): void {
  if (process.env['TARBALL'] !== undefined) return;
  const folder = mkdtempSync(join(tmpdir(), 'passport-ion-tarball-'));
  const printed = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: join(__dirname, '../..'),
    encoding: 'utf8',
  });
  // Before it stands what the build prints.
  const [packed] = JSON.parse(printed.slice(printed.indexOf('[\n'))) as [{ filename: string }];
  process.env['PACKED_HERE'] = folder;
  process.env['TARBALL'] = join(folder, packed.filename);
}
