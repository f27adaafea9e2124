// Runs a code fragment from a guide, with the names that the guide has introduced around it.

import ts from 'typescript';

/** Runs a TypeScript fragment, which may use `await`. */
export async function runFragment(
  code: string,
  names: Readonly<Record<string, unknown>>,
): Promise<void> {
  const body = ts.transpile(`async function example() {\n${code}}`, {
    target: ts.ScriptTarget.ES2022,
  });
  // This code comes from our own guide. It runs as it would in an app.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- see above
  const example = new Function(...Object.keys(names), `${body}\nreturn example();`);
  // eslint-disable-next-line @typescript-eslint/no-unsafe-call -- as above
  await example(...Object.values(names));
}
