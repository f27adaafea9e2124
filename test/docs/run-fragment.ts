// Runs a fragment of a guide, with the names that the text around it provides.

import ts from 'typescript';

/** Runs the TypeScript of a fragment, which may await. */
export async function runFragment(
  code: string,
  names: Readonly<Record<string, unknown>>,
): Promise<void> {
  const body = ts.transpile(`async function example() {\n${code}}`, {
    target: ts.ScriptTarget.ES2022,
  });
  // The text of the guide itself, as an app would have it.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- see above
  const example = new Function(...Object.keys(names), `${body}\nreturn example();`);
  // eslint-disable-next-line @typescript-eslint/no-unsafe-call -- as above
  await example(...Object.values(names));
}
