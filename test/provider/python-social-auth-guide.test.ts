// Tests that people can sign in to the Django site that the guide on moving from python-social-auth starts with.

import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { startLocalIon } from 'passport-ion/local-ion';
import type { LocalIon } from 'passport-ion/local-ion';

import { Program } from '../support/program.js';
import { closedPort } from '../support/raw-server.js';
import { fileIn } from '../support/snippets.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { Browser } from '../support/browser.js';

const python = join(__dirname, '.venv/bin/python');

let ion: LocalIon;

beforeAll(async () => {
  ion = await startLocalIon();
});
afterAll(() => ion.stop());

it('python-social-auth in Django signs a person in, and shows who it is', async () => {
  const folder = await temporaryFolder('django-site');
  for (const file of ['settings.py', 'urls.py']) {
    writeFileSync(
      join(folder, file),
      fileIn('docs/guides/moving-from-python-social-auth.md', file).code,
    );
  }
  const env = {
    DJANGO_SETTINGS_MODULE: 'settings',
    // The path includes this test's folder, because the package ion_oauth, which the settings name, is there.
    PYTHONPATH: `${folder}:${__dirname}`,
    PYTHONUNBUFFERED: '1',
    ION_BASE_URL: ion.baseURL,
    ION_CLIENT_ID: ion.clientID,
    ION_CLIENT_SECRET: ion.clientSecret ?? '',
  };
  execFileSync(python, ['-m', 'django', 'migrate', '--verbosity=0'], { cwd: folder, env });
  const port = await closedPort();
  const site = await Program.start(python, {
    arguments: ['-m', 'django', 'runserver', '--noreload', String(port)],
    cwd: folder,
    env,
  });
  await site.until('Starting development server');

  const app = `http://localhost:${port}`;
  const browser = new Browser();
  expect((await browser.get(`${app}/`)).text).toContain(
    '<form method="post" action="/login/ion/">',
  );
  const { location = '' } = await browser.post(`${app}/login/ion/`, {});
  const home = await browser.follow(await ion.approve(location, { as: '2027jdoe' }));
  expect(home).toMatchObject({ url: `${app}/me`, text: 'Hello, Jane Doe' });
});
