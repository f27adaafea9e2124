// Builds dist/, with one CommonJS file and one declaration file for each entry point of the package. A file for
// each module would take twice as long to load and twice as much space to install.

'use strict';

const { copyFileSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const path = require('node:path');

const { generateDtsBundle } = require('dts-bundle-generator');
const { buildSync, transformSync } = require('esbuild');

const { engines, version } = require('../package.json');

const ROOT = path.join(__dirname, '..');
const ENTRIES = ['index', 'local-ion/index'];

rmSync(path.join(ROOT, 'dist'), { recursive: true, force: true });

bundle('index', {
  // With source maps, stack traces show modules and lines in lib/ if Node runs with --enable-source-maps.
  sourcemap: true,
  sourcesContent: false,
  // Tools read the names of the exports from a list that esbuild writes at the end of the file. esbuild
  // leaves out the default export, so this line adds it.
  footer: { js: '0 && (module.exports.default = IonStrategy);' },
});
inlineVersion(path.join(ROOT, 'dist/index.js'));
bundle('local-ion/index');
// The command's file loads the local Ion from the local Ion's own file, and does not contain a copy of it.
bundle('local-ion/cli', { external: ['./index.js'] });
bundleDeclarations();

// `import` loads a wrapper around the file that `require` loads, because two copies of the code would have
// separate classes and separate state. The wrapper contains no types, so its text also works as its declaration
// file.
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
  removeComments(path.join(ROOT, `dist/${entry}.js`));
}

/**
 * Writes the package's version into a built file. If the file had to find and parse package.json to learn it,
 * that would take a fifth of the file's loading time.
 */
function inlineVersion(file) {
  const text = readFileSync(file, 'utf8');
  const call = 'require("passport-ion/package.json")';
  if (!text.includes(call)) throw new Error(`${file} does not read the version as expected`);
  writeFileSync(file, text.replace(call, JSON.stringify({ version })));
}

/**
 * Removes the comments from a built file, because the TSDoc is in the declaration file, too. Leaves blank
 * lines in their place, so that the source map stays valid.
 */
function removeComments(file) {
  const text = readFileSync(file, 'utf8');
  const blank = (comment) => comment.replace(/[^\n]+/g, '');
  const short = text.replace(/^ *\/\*\*[^]*?\*\/$/gm, blank).replace(/^ *\/\/(?!#).*$/gm, '');
  const [before, after] = [text, short].map((js) => transformSync(js, { minifyWhitespace: true }));
  if (before.code !== after.code) throw new Error(`${file} holds text that looks like a comment`);
  writeFileSync(file, short);
}

function bundleDeclarations() {
  const entries = ENTRIES.map((entry) => ({
    filePath: path.join(ROOT, `lib/${entry}.ts`),
    output: {
      exportReferencedTypes: false,
      noBanner: true,
      // A program must not contain `declare module 'passport'` twice, so only the main file has it.
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
