// What a person sees on a page of the example app.

import type { Page } from '../support/user-agent.js';

export function headingOf({ text }: Page): string | undefined {
  return /<h1>([^<]*)<\/h1>/.exec(text)?.[1];
}

/** Where the button of a page leads, as a browser reads it. */
export function buttonOf(page: Page): string | undefined {
  const href = /class="button" href="([^"]*)"/.exec(page.text)?.[1];
  return href?.replaceAll('&amp;', '&');
}
