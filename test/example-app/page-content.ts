// Finds what a person sees on the example app's pages.

import type { Page } from '../support/browser.js';

export function headingOf({ text }: Page): string | undefined {
  return /<h1>([^<]*)<\/h1>/.exec(text)?.[1];
}

/** Returns where the page's button leads, with HTML escapes decoded as in a browser. */
export function buttonOf(page: Page): string | undefined {
  const href = /class="button" href="([^"]*)"/.exec(page.text)?.[1];
  return href?.replaceAll('&amp;', '&');
}

/** Returns the addresses of a page's links, forms, pictures, and style sheets, as they are in the HTML. */
export function addressesIn({ text }: Page): string[] {
  return [...text.matchAll(/ (?:href|src|action)="([^"]*)"/g)].map(([, address = '']) => address);
}
