// Checks JSON of Ion's API at run time against the types in lib/api, through a JSON schema made from them.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import Ajv from 'ajv';
import type { SchemaObject, ValidateFunction } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';

const ROOT = join(__dirname, '../..');
const CACHE = join(ROOT, 'node_modules/.cache/passport-ion');
/** All that the schema depends on. */
const SOURCES = [
  'lib/api/paths.ts',
  'lib/api/responses.ts',
  'lib/profile.ts',
  'node_modules/ts-json-schema-generator/package.json',
  'test/support/response-types.ts',
];

// Made while this module loads, since a test must not wait seconds for it.
const SCHEMA = readOrGenerate();
const PATHS = { $ref: '#/definitions/IonPaths' };

/** A method of a path of IonPaths. */
interface Endpoint {
  readonly method: string;
  /** As a key of IonPaths, such as `/schedule/<date>`. */
  readonly path: string;
}

/**
 * Fails unless `json` is what IonPaths says that `method` answers at `path`: no key too many, none too
 * few, and null only where the type has null.
 *
 * @param path - As on the wire, `/api/blocks?page=2`, or as an app writes it, `/blocks?page=2`.
 */
export function expectToMatchType(method: string, path: string, json: unknown): void {
  const endpoint = { method, path: keyOf(path) };
  const validate = validatorOf(endpoint);
  const faults = validate(json)
    ? []
    : (validate.errors ?? [])
        .slice(0, 10)
        .map(
          ({ instancePath, message, params }) =>
            `${instancePath || 'the response'} ${message ?? ''} ${JSON.stringify(params)}`,
        );
  const label = `${method} ${endpoint.path}`;
  expect({ label, faults }).toEqual({ label, faults: [] });
}

/** Every method of every path that has a type. */
export function typedEndpoints(): Endpoint[] {
  return Object.entries(propertiesOf(PATHS)).flatMap(([path, methods]) =>
    Object.keys(propertiesOf(methods)).map((method) => ({ method, path })),
  );
}

// Several test files need it.
function readOrGenerate(): SchemaObject {
  const hash = createHash('sha256');
  for (const file of SOURCES) hash.update(readFileSync(join(ROOT, file)));
  const file = join(CACHE, `response-types-${hash.digest('hex')}.json`);
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as SchemaObject;
  } catch {
    const generated = createGenerator({
      path: join(ROOT, 'lib/api/paths.ts'),
      tsconfig: join(ROOT, 'lib/tsconfig.json'),
      type: 'IonPaths',
      additionalProperties: false,
      // `npm run typecheck` checks them.
      skipTypeCheck: true,
    }).createSchema('IonPaths');
    mkdirSync(dirname(file), { recursive: true });
    // Several test files may write it at once; a rename is whole or not at all.
    const draft = `${file}.${process.pid}.${Math.random()}`;
    writeFileSync(draft, JSON.stringify(generated));
    renameSync(draft, file);
    return generated as SchemaObject;
  }
}

const validators = new Map<string, ValidateFunction>();
const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });

function validatorOf({ method, path }: Endpoint): ValidateFunction {
  const name = `${method} ${path}`;
  const known = validators.get(name);
  if (known) return known;
  const endpoint = propertiesOf(propertiesOf(propertiesOf(PATHS)[path])[method]);
  if (!endpoint['response']) throw new Error(`IonPaths has no ${name}`);
  const { definitions } = SCHEMA as { definitions: object };
  const validator = ajv.compile({ definitions, allOf: [endpoint['response']] });
  validators.set(name, validator);
  return validator;
}

/** The properties of an object in the schema, which may stand elsewhere; none if there is no such object. */
function propertiesOf(schema: SchemaObject | undefined): Record<string, SchemaObject> {
  // The casts: the generator writes objects so.
  const reference = schema?.['$ref'] as string | undefined;
  if (reference === undefined) {
    return (schema?.['properties'] ?? {}) as Record<string, SchemaObject>;
  }
  const name = decodeURIComponent(reference.replace('#/definitions/', ''));
  return propertiesOf((SCHEMA['definitions'] as Record<string, SchemaObject>)[name]);
}

/** The key of IonPaths for a path: the same choice as KeyOf in lib/api/paths.ts makes for types. */
export function keyOf(path: string): string {
  const [plain = ''] = path.replace(/^https?:\/\/[^/]+/, '').split('?', 1);
  const segments = plain.split('/').filter(Boolean);
  if (segments[0] === 'api') segments.shift();
  const keys = Object.keys(propertiesOf(PATHS));
  const exact = `/${segments.join('/')}`;
  if (keys.includes(exact)) return exact;
  const found = keys.find((key) => {
    const pattern = key.split('/').filter(Boolean);
    return (
      pattern.length === segments.length &&
      pattern.every((name, index) => name.startsWith('<') || name === segments[index])
    );
  });
  if (found === undefined) throw new Error(`IonPaths has no path for ${path}`);
  return found;
}
