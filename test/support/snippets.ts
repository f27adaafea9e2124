// Finds the code snippets in the README and the guides, and puts together the apps that they form.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** A fenced code block in one of the documents. */
export interface Snippet {
  /** The document's path, such as `docs/guides/api.md`. */
  readonly document: string;
  /** The line number of its opening fence. */
  readonly line: number;
  /** The last heading above it. */
  readonly heading: string;
  readonly language: string;
  /** The name of the snippet's file, if a comment such as `<!-- app.mjs -->` above it gives one. */
  readonly file: string | undefined;
  readonly code: string;
}

/** The paths of the README and all guides. */
export const DOCUMENTS: readonly string[] = [
  'README.md',
  ...readdirSync(join(ROOT, 'docs/guides'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/guides/${name}`),
];

export function textOf(document: string): string {
  return readFileSync(join(ROOT, document), 'utf8');
}

/** Returns every fenced block of a document, in order. */
export function snippetsIn(document: string): Snippet[] {
  const text = textOf(document);
  const fences = /(?:^<!-- (\S+\.\w+) -->\n\n?)?^```(\w+)\n(.*?)^```$/gms;
  return [...text.matchAll(fences)].map((match) => {
    const [, file, language = '', code = ''] = match;
    const before = text.slice(0, match.index);
    const heading = headingAbove(text, match.index);
    return { document, line: before.split('\n').length, heading, language, file, code };
  });
}

/** A guide's example, which a test runs: its code, and what it prints. */
export interface Example {
  /** The last heading above it. */
  readonly heading: string;
  readonly code: string;
  readonly output: string;
}

/** Returns the examples in a guide that follow `<!-- prints -->`. */
export function examplesIn(guide: string): Example[] {
  const blocks = /^<!-- prints -->\n\n```ts\n(.*?)^```\n\n```text\n(.*?)^```/gms;
  return [...guide.matchAll(blocks)].map(({ 1: code = '', 2: output = '', index }) => ({
    heading: headingAbove(guide, index),
    code,
    output,
  }));
}

function headingAbove(guide: string, index: number): string {
  return [...guide.slice(0, index).matchAll(/^#+ (.*)$/gm)].at(-1)?.[1] ?? '';
}

/** Returns the file with this name from a document. */
export function fileIn(document: string, name: string): Snippet {
  const found = snippetsIn(document).find(({ file }) => file === name);
  if (!found) throw new Error(`${document} has no snippet under <!-- ${name} -->`);
  return found;
}

/** Returns every TypeScript and JavaScript snippet of all documents. */
export function allSnippets(): Snippet[] {
  return DOCUMENTS.flatMap(snippetsIn).filter(({ language }) => /^[jt]s$/.test(language));
}

/** Returns the quick start of the README, which is the first `app.mjs`. */
export function quickStart(): string {
  return fileIn('README.md', 'app.mjs').code;
}

/** The comment that begins each part of the quick start. */
const PART = /^\/\/ === (.*) ===$/m;

/** Returns true if a snippet replaces parts of the quick start, for an app that does something differently. */
export function replacesParts({ language, file, code }: Snippet): boolean {
  return language === 'js' && file === undefined && PART.test(code);
}

/** Returns the quick start with the snippet's parts in place of its own, and the snippet's imports at the top. */
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
