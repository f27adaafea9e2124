// Makes the table in the API paths guide, which has a type, an example, and a contract test for each request.

import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

import { examplesIn } from '../support/snippets.js';

export const GUIDE = 'docs/guides/api-paths.md';

/** The texts that the table is made from. */
export interface Sources {
  /** The text of lib/api/paths.ts. */
  readonly paths: string;
  /** The text of the API guides by file name, in the order that they are searched for examples. */
  readonly guides: Readonly<Record<string, string>>;
  /** The text of the contract's files by file name. Files about one part of the API come first. */
  readonly contract: Readonly<Record<string, string>>;
}

/** Reads the sources from the repository whose root folder is `root`. */
export function readSources(root: string): Sources {
  const read = (...path: string[]): string => readFileSync(join(root, ...path), 'utf8');
  const folder = 'test/local-ion/contract';
  const isGeneral = (file: string): boolean =>
    [
      'api-access.ts',
      'api-methods-and-formats.ts',
      'cookies-for-a-token.ts',
      'every-endpoint.ts',
      'lifetimes.ts',
      'login-or-token.ts',
    ].includes(file);
  const files = readdirSync(join(root, folder))
    .filter((file) => file.endsWith('.ts'))
    .sort((a, b) => Number(isGeneral(a)) - Number(isGeneral(b)) || a.localeCompare(b, 'en'));
  return {
    paths: read('lib/api/paths.ts'),
    guides: { 'api.md': read('docs/guides/api.md'), 'api-paths.md': read(GUIDE) },
    contract: Object.fromEntries(files.map((file) => [file, read(folder, file)])),
  };
}

const BETWEEN_MARKERS = /(?<=<!-- paths table: begin -->\n)[^]*(?=<!-- paths table: end -->)/;

/** Returns the guide's text with the table between its two markers. Throws if a row would be incomplete. */
export function withTable(guide: string, sources: Sources): string {
  if (!BETWEEN_MARKERS.test(guide)) throw new Error(`${GUIDE} has lost the markers of its table`);
  // Pass a function, because `$` has a special meaning in a replacement string.
  return guide.replace(BETWEEN_MARKERS, () => `\n${tableOf(sources)}\n`);
}

/** A request to Ion, as one row of the table. */
interface Row {
  readonly method: string;
  readonly path: string;
  /** The type of the response. */
  readonly type: string;
  readonly example: string;
  readonly contractRow: string;
}

function tableOf(sources: Sources): string {
  const lines = [
    ['Request', 'Type of the response', 'Example', 'Row of the contract'],
    ['---', '---', '---', '---'],
    ...rowsOf(sources).map(({ method, path, type, example, contractRow }) => [
      `\`${method} ${path}\``,
      type,
      example,
      contractRow,
    ]),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |\n`).join('');
}

function rowsOf(sources: Sources): Row[] {
  const typed = [...typedRequests(sources.paths), PICTURE];
  const keys = typed.map(({ path }) => path);
  const examples = examplesByRequest(sources.guides, keys);
  const contract = contractByRequest(sources.contract, keys);
  return typed.map(({ method, path, type }) => {
    // If no guide has an example of this method, take the one of GET for the same path, because some of the
    // other methods are only for admins.
    const example = examples.get(`${method} ${path}`) ?? examples.get(`GET ${path}`);
    const contractRow = contract.get(`${method} ${path}`);
    if (example === undefined) {
      throw new Error(`No guide on the API has an example of ${path}, under <!-- prints -->`);
    }
    if (contractRow === undefined) {
      throw new Error(`The contract has no row with a request ${method} ${path}`);
    }
    return { method, path, type, example, contractRow };
  });
}

interface TypedRequest {
  readonly method: string;
  readonly path: string;
  readonly type: string;
}

/** The request for a picture, which IonPaths lacks because the response is not JSON: use `api.picture()`. */
const PICTURE: TypedRequest = {
  method: 'GET',
  path: '/profile/<id or username>/picture',
  type: '`IonPicture`, by `api.picture()`',
};

/** Returns the methods of every path in IonPaths, with their responses' types. */
function typedRequests(paths: string): TypedRequest[] {
  const file = ts.createSourceFile('paths.ts', paths, ts.ScriptTarget.Latest, true);
  const table = file.statements
    .filter(ts.isInterfaceDeclaration)
    .find(({ name }) => name.text === 'IonPaths');
  if (!table) throw new Error('lib/api/paths.ts has no interface IonPaths');
  return table.members.filter(ts.isPropertySignature).flatMap(({ name, type }) => {
    const path = ts.isStringLiteral(name) ? name.text : name.getText();
    const methods = type && ts.isIntersectionTypeNode(type) ? type.types : [type];
    return methods.map((each) => {
      if (!each || !ts.isTypeReferenceNode(each)) throw new Error(`${path} has no type`);
      // The type's name has the method in it, as in IonGet<Response, Query> and IonDelete.
      const method = each.typeName.getText().replace(/^Ion/, '').toUpperCase();
      const [response] = each.typeArguments ?? [];
      return { method, path, type: response ? `\`${response.getText()}\`` : 'no body' };
    });
  });
}

/** Returns, for each request, a link to the first example that sends it. */
function examplesByRequest(
  guides: Readonly<Record<string, string>>,
  keys: readonly string[],
): Map<string, string> {
  const found = new Map<string, string>();
  for (const [file, guide] of Object.entries(guides)) {
    for (const { heading, code } of examplesIn(guide)) {
      const add = (method: string, path: string): void => {
        const request = `${method} ${path}`;
        if (!found.has(request)) found.set(request, linkTo(file, heading));
      };
      for (const { 1: method = '', 3: path = '' } of code.matchAll(
        /\bapi\.(\w+)\(\s*(['`])(\/.*?)\2/g,
      )) {
        add(method === 'pages' ? 'GET' : method.toUpperCase(), keyOf(path, keys) ?? '');
      }
      if (code.includes('api.picture(')) add('GET', PICTURE.path);
    }
  }
  return found;
}

function linkTo(file: string, heading: string): string {
  const anchor = heading
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replace(/ /g, '-');
  return `[${heading}](${GUIDE.endsWith(`/${file}`) ? '' : file}#${anchor})`;
}

/** Returns, for each request, the title of the first contract test that sends it. */
function contractByRequest(
  files: Readonly<Record<string, string>>,
  keys: readonly string[],
): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, text] of Object.entries(files)) {
    const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
    visitTests(file, [], (titles, test) => {
      for (const { method, path } of requestsIn(test)) {
        const key = keyOf(path.replace(/^\/api/, '') || '/', keys);
        const request = `${method} ${key ?? ''}`;
        if (!found.has(request)) found.set(request, `\`${name}\`: ${titles.join(' › ')}`);
      }
    });
  }
  return found;
}

/** Calls `visit` for each `it(…)` below a node, with its title after the titles of the suites around it. */
function visitTests(
  node: ts.Node,
  titles: readonly string[],
  visit: (titles: readonly string[], test: ts.CallExpression) => void,
): void {
  const title = ts.isCallExpression(node) ? titleOf(node) : undefined;
  const inner = title === undefined ? titles : [...titles, title];
  if (ts.isCallExpression(node) && title !== undefined && /^it\b/.test(node.expression.getText())) {
    visit(inner, node);
    return;
  }
  ts.forEachChild(node, (child) => {
    visitTests(child, inner, visit);
  });
}

/** Returns the title in `describe('…')`, `it('…')`, or `it.each(…)('…')`. */
function titleOf({ expression, arguments: [title] }: ts.CallExpression): string | undefined {
  const isSuiteOrTest = /^(describe|it)(\.each\()?/.test(expression.getText());
  return isSuiteOrTest && title && ts.isStringLiteralLike(title) ? title.text : undefined;
}

interface Request {
  readonly method: string;
  readonly path: string;
}

/** Returns the requests that a test sends to the API. */
function requestsIn(test: ts.Node): Request[] {
  const constants = new Map<string, string>();
  const requests: Request[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.initializer) {
      const path = apiPath(node.initializer);
      if (path !== undefined) constants.set(node.name.getText(), path);
    }
    if (ts.isArrayLiteralExpression(node)) requests.push(...requestOfRow(node));
    if (ts.isCallExpression(node)) {
      for (const argument of node.arguments) {
        const path = apiPath(argument) ?? constants.get(argument.getText());
        if (path !== undefined) requests.push({ method: methodOf(node), path });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(test);
  return requests;
}

/** Reads the request in a row of `it.each`, such as `['PUT', '/api/announcements/1']`. */
function requestOfRow({ elements: [method, target] }: ts.ArrayLiteralExpression): Request[] {
  const path = target && apiPath(target);
  const isRequest = method && ts.isStringLiteral(method) && /^[A-Z]+$/.test(method.text);
  return isRequest && path !== undefined ? [{ method: method.text, path }] : [];
}

/** Returns the path in a string or template that begins with `/api`. Each `${…}` in it becomes `x`. */
function apiPath(node: ts.Node): string | undefined {
  const text = ts.isStringLiteralLike(node)
    ? node.text
    : ts.isTemplateExpression(node)
      ? node.head.text + node.templateSpans.map(({ literal }) => `x${literal.text}`).join('')
      : '';
  return /^\/api(?![^/?])/.test(text) ? text : undefined;
}

/** Returns the method: POST for `post(…)`, PATCH for `send(…, { method: 'PATCH' })`, and GET by default. */
function methodOf(call: ts.CallExpression): string {
  if (/\bpost$/.test(call.expression.getText())) return 'POST';
  return /\bmethod: '([A-Z]+)'/.exec(call.getText())?.[1] ?? 'GET';
}

/** Returns the path in the table that a path matches. Paths without variable segments take precedence. */
function keyOf(path: string, keys: readonly string[]): string | undefined {
  const segments = segmentsOf(path.replace(/\$\{.*?\}/g, 'x').replace(/\?.*/, ''));
  const matches = keys.filter((key) => {
    const pattern = segmentsOf(key);
    return (
      pattern.length === segments.length &&
      pattern.every((name, index) => name.startsWith('<') || name === segments[index])
    );
  });
  return matches.find((key) => !key.includes('<')) ?? matches[0];
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '');
}
