// Checks JSON from Ion's API at run time against the types in lib/api, with a JSON schema generated from the types.

import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import Ajv from 'ajv';
import type { SchemaObject, ValidateFunction } from 'ajv';
import { createGenerator } from 'ts-json-schema-generator';

const ROOT = join(__dirname, '../..');
const CACHE = join(ROOT, 'node_modules/.cache/passport-ion');
/** The files that the schema depends on. */
const SOURCES = [
  'lib/api/paths.ts',
  'lib/api/response-types.ts',
  'lib/profile.ts',
  'node_modules/ts-json-schema-generator/package.json',
  'test/support/response-types.ts',
];

// The schema is generated while this module loads, because that takes seconds, and the tests have a timeout.
const SCHEMA = readOrGenerate();
const PATHS = { $ref: '#/definitions/IonPaths' };

/** A path in IonPaths, with one of its methods. */
interface Endpoint {
  readonly method: string;
  /** A key of IonPaths, such as `/schedule/<date>`. */
  readonly path: string;
}

/**
 * Fails the test unless `json` is what IonPaths says that `method` returns at `path`: no extra keys, no
 * missing keys, and null only if the type has null.
 *
 * @param path - The path as it is sent, `/api/blocks?page=2`, or as an app writes it, `/blocks?page=2`.
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

/** Returns every method of every path that has a type. */
export function typedEndpoints(): Endpoint[] {
  return Object.entries(propertiesOf(PATHS)).flatMap(([path, methods]) =>
    Object.keys(propertiesOf(methods)).map((method) => ({ method, path })),
  );
}

// Returns the schema. It is cached in a file, since several test files need it.
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
      // Skip the type check, because `npm run typecheck` checks the types.
      skipTypeCheck: true,
    }).createSchema('IonPaths');
    mkdirSync(dirname(file), { recursive: true });
    // Several test files might write this at the same time, so each writes a copy and then renames it.
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

/** Returns an object's properties in the schema, following references. Returns none if it is not an object. */
function propertiesOf(schema: SchemaObject | undefined): Record<string, SchemaObject> {
  // The casts are safe because the generator writes objects in this form.
  const reference = schema?.['$ref'] as string | undefined;
  if (reference === undefined) {
    return (schema?.['properties'] ?? {}) as Record<string, SchemaObject>;
  }
  const name = decodeURIComponent(reference.replace('#/definitions/', ''));
  return propertiesOf((SCHEMA['definitions'] as Record<string, SchemaObject>)[name]);
}

/** Returns the key of IonPaths for a path, as the type KeyOf in lib/api/paths.ts does. */
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
