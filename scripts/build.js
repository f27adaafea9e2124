// Builds dist/: one CommonJS file and one declaration file for each entry of the package.
// A file for each module would take twice as long to load and twice the space to install.

'use strict';

const { copyFileSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const { generateDtsBundle } = require('dts-bundle-generator');
const { buildSync } = require('esbuild');

const { engines, version } = require('../package.json');

const ROOT = path.join(__dirname, '..');
const ENTRIES = ['index', 'local-ion/index'];

rmSync(path.join(ROOT, 'dist'), { recursive: true, force: true });

bundle('index', {
  // For `node --enable-source-maps`, which then shows the module and line of a stack trace.
  sourcemap: true,
  sourcesContent: false,
  // esbuild names the exports for tools that read the file, but leaves out the default one.
  footer: { js: '0 && (module.exports.default = IonStrategy);' },
});
inlineVersion(path.join(ROOT, 'dist/index.js'));
bundle('local-ion/index');
// The command requires the local Ion's bundle instead of holding a copy of it.
bundle('local-ion/cli', { external: ['./index.js'] });
bundleDeclarations();

// `import` loads the same file as `require`: two copies would be two sets of classes and of state.
// The wrapper has no types in it, so it is its own declaration.
for (const extension of ['mjs', 'd.mts']) {
  copyFileSync(path.join(ROOT, 'lib/index.mts'), path.join(ROOT, `dist/index.${extension}`));
}

function bundle(entry, options = {}) {
  buildSync({
    absWorkingDir: ROOT,
    entryPoints: [`lib/${entry}.ts`],
    outbase: 'lib',
    outdir: 'dist',
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: `node${/\d+(\.\d+)*/.exec(engines.node)[0]}`,
    packages: 'external',
    logLevel: 'warning',
    ...options,
  });
  removeDocumentation(path.join(ROOT, `dist/${entry}.js`));
}

/** To find and parse the package.json would take a fifth of the time that the file takes to load. */
function inlineVersion(file) {
  const text = readFileSync(file, 'utf8');
  const call = 'require("passport-ion/package.json")';
  if (!text.includes(call)) throw new Error(`${file} does not read the version as expected`);
  writeFileSync(file, text.replace(call, JSON.stringify({ version })));
}

/** The declarations have it, too. Its lines stay, blank, so that the source map still fits. */
function removeDocumentation(file) {
  const text = readFileSync(file, 'utf8');
  const blank = (comment) => comment.replace(/[^\n]+/g, '');
  writeFileSync(file, text.replace(/^ *\/\*\*[^]*?\*\/$/gm, blank));
}

function bundleDeclarations() {
  const entries = ENTRIES.map((entry) => ({
    filePath: path.join(ROOT, `lib/${entry}.ts`),
    output: {
      exportReferencedTypes: false,
      noBanner: true,
      // `declare module 'passport'` belongs to the strategy, and may be in a program only once.
      inlineDeclareExternals: entry === 'index',
    },
  }));
  const declarations = generateDtsBundle(entries, {
    preferredConfigPath: path.join(ROOT, 'lib/tsconfig.json'),
  });
  for (const [index, text] of declarations.entries()) {
    writeFileSync(path.join(ROOT, `dist/${ENTRIES[index]}.d.ts`), text);
  }
}
