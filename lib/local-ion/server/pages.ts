// Renders every page in one layout, with a notice that this is not Ion, and escapes text for HTML.

import { createHash } from 'node:crypto';

import { html } from './response.js';
import type { LocalResponse } from './response.js';

/** HTML that must not be escaped again. */
export class SafeHTML {
  constructor(readonly text: string) {}
}

type Part = string | number | SafeHTML | readonly SafeHTML[];

/** A template tag for HTML. It escapes every value that is not SafeHTML. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): SafeHTML {
  const texts = parts.map((part) => {
    if (part instanceof SafeHTML) return part.text;
    if (typeof part === 'object') return part.map(({ text }) => text).join('');
    return escapeHTML(String(part));
  });
  return new SafeHTML(String.raw({ raw: strings }, ...texts));
}

/** Escapes text for HTML and for quoted attributes. */
export function escapeHTML(text: string): string {
  // `&` must come first. If it came later, it would escape the entities from the other replacements.
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#x27;');
}

const STYLE = `
:root { color-scheme: light dark; --ink: #1c1b19; --paper: #f6f4ef; --card: #fff; --line: #8a857b;
  --soft: #57534b; --accent: #6d28a8; --on-accent: #fff; }
@media (prefers-color-scheme: dark) { :root { --ink: #f1efe9; --paper: #1b1a18; --card: #262522;
  --line: #8f8a80; --soft: #bdb8ad; --accent: #d5b3f5; --on-accent: #24103a; } }
* { box-sizing: border-box; }
body { margin: 0; font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper);
  overflow-wrap: anywhere; }
header { padding: .6rem 1rem; background: var(--accent); color: var(--on-accent); text-align: center; }
header p { margin: 0; }
main { max-width: 40rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.6rem; line-height: 1.25; margin: 0 0 1rem; }
a { color: var(--accent); }
ul.people { list-style: none; margin: 0; padding: 0; display: grid; gap: .6rem; }
button { font: inherit; color: var(--ink); background: var(--card); border: 1px solid var(--line);
  border-radius: .5rem; padding: .7rem 1.2rem; cursor: pointer; min-height: 2.75rem; }
button:hover { border-color: var(--accent); }
button.first { background: var(--accent); border-color: var(--accent); color: var(--on-accent);
  font-weight: 600; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
.people button { display: flex; gap: 1rem; align-items: center; width: 100%; text-align: left; }
.people img, .person img { width: 3rem; height: 4rem; object-fit: cover; border-radius: .3rem; flex: none; }
.people b, .people small, .person b, .person small { display: block; }
.person { display: flex; gap: 1rem; align-items: center; padding: .7rem 1.2rem;
  background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
.person p { margin: 0; }
.person ~ ul { padding-left: 1.4rem; }
small, .soft { color: var(--soft); }
.actions { display: flex; flex-wrap: wrap; gap: .8rem; margin-top: 1.5rem; }
pre { padding: 1rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem;
  white-space: pre-wrap; }
`;

// There is no form-action directive, because Chromium also applies it to redirects after a form is submitted, and
// would block the redirect to the app.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "img-src 'self' data:",
  "base-uri 'none'",
  "frame-ancestors 'self'",
].join('; ');

/** The parts of a page that differ from other pages. */
export interface Page {
  readonly title: string;
  readonly content: SafeHTML;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
}

/** Renders a page in the common layout. */
export function page({ title, content, status = 200, headers = {} }: Page): LocalResponse {
  const { text } = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} – local stand-in for Ion</title>
<link rel="icon" href="data:,">
<style>${new SafeHTML(STYLE)}</style>
</head>
<body>
<header><p><strong>This is not Ion.</strong> It is a local stand-in for Ion, for trying out an app. The people are invented and there are no passwords.</p></header>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`;
  return html(status, text, { 'Content-Security-Policy': CONTENT_SECURITY_POLICY, ...headers });
}

/** Renders a page that says what went wrong and what to do about it. */
export function errorPage(status: number, title: string, explanation: string): LocalResponse {
  return page({ status, title, content: markup`<p>${explanation}</p>` });
}

/** Renders a hidden form field. */
export function hiddenField(name: string, value: string | undefined): SafeHTML {
  return value === undefined
    ? markup`<input type="hidden" name="${name}">\n`
    : markup`<input type="hidden" name="${name}" value="${value}">\n`;
}
