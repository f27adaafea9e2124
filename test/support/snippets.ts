// The code that the README and the guides show: where each snippet stands, and the apps that it makes.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** A fenced block of one of the documents. */
export interface Snippet {
  /** The document's path, such as `docs/guides/api.md`. */
  readonly document: string;
  /** The line of its first fence. */
  readonly line: number;
  /** The last heading above it. */
  readonly heading: string;
  readonly language: string;
  /** The file that it is, if a comment such as `<!-- app.mjs -->` above it says so. */
  readonly file: string | undefined;
  readonly code: string;
}

/** The README and every guide, by path. */
export const DOCUMENTS: readonly string[] = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs/guides'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/guides/${name}`),
];

export function textOf(document: string): string {
  return readFileSync(join(ROOT, document), 'utf8');
}

/** Every fenced block of a document, in order. */
export function snippetsIn(document: string): Snippet[] {
  const text = textOf(document);
  const fences = /(?:^<!-- (\S+\.\w+) -->\n\n?)?^```(\w+)\n(.*?)^```$/gms;
  return [...text.matchAll(fences)].map((match) => {
    const [, file, language = '', code = ''] = match;
    const before = text.slice(0, match.index);
    const heading = [...before.matchAll(/^#+ (.*)$/gm)].at(-1)?.[1] ?? '';
    return { document, line: before.split('\n').length, heading, language, file, code };
  });
}

/** The file of a document with this name. */
export function fileIn(document: string, name: string): Snippet {
  const found = snippetsIn(document).find(({ file }) => file === name);
  if (!found) throw new Error(`${document} has no snippet under <!-- ${name} -->`);
  return found;
}

/** Every snippet of TypeScript and JavaScript in all documents. */
export function allSnippets(): Snippet[] {
  return DOCUMENTS.flatMap(snippetsIn).filter(({ language }) => /^[jt]s$/.test(language));
}

/** The quick start of the README: the first `app.mjs`. */
export function quickStart(): string {
  return fileIn('README.md', 'app.mjs').code;
}

/** The parts of the quick start begin with such a comment. */
const PART = /^\/\/ === (.*) ===$/m;

/** Whether a snippet is a part of the quick start, for an app that does something another way. */
export function replacesParts({ language, file, code }: Snippet): boolean {
  return language === 'js' && file === undefined && PART.test(code);
}

/** The quick start with the parts of the snippet in place of its own; imports go to the top. */
export function withParts({ code }: Snippet): string {
  const imports = code.split('\n').filter((line) => line.startsWith('import '));
  const rest = code.replace(/^import .*\n/gm, '');
  const parts = rest.split(/^(?=\/\/ === )/m).filter((part) => PART.test(part));
  const app = parts.reduce((app, part) => {
    const title = PART.exec(part)?.[1] ?? '';
    const old = app.split(/^(?=\/\/ === )/m).find((each) => PART.exec(each)?.[1] === title);
    if (old === undefined) throw new Error(`The quick start has no part ${title}`);
    return app.replace(old, () => `${part.trimEnd()}\n\n`);
  }, quickStart());
  return [...imports, app].join('\n');
}
