// Parses and submits the forms on a page, as a browser does.

import type { Page, Browser } from '../../../support/browser.js';

interface Button {
  readonly name: string | undefined;
  readonly value: string;
  readonly label: string;
}

/** A form on a page. */
export class HTMLForm {
  readonly fields: Readonly<Record<string, string>>;
  readonly buttons: readonly Button[];
  private readonly action: string;

  constructor(page: Page, opening: string, inside: string) {
    this.action = new URL(attributeOf(opening, 'action') ?? '', page.url).href;
    const inputs = [...inside.matchAll(/<input\b[^>]*>/g)].map(([tag]) => tag);
    const isButton = (tag: string): boolean => attributeOf(tag, 'type') === 'submit';
    this.fields = Object.fromEntries(
      inputs
        .filter((tag) => !isButton(tag))
        .map((tag) => [attributeOf(tag, 'name') ?? '', attributeOf(tag, 'value') ?? '']),
    );
    const buttons = inside.matchAll(/(<button\b[^>]*>)(.*?)<\/button>/gs);
    this.buttons = [
      ...inputs.filter(isButton).map((tag) => buttonOf(tag, attributeOf(tag, 'value') ?? '')),
      ...[...buttons].map(([, tag = '', label = '']) => buttonOf(tag, plain(label))),
    ];
  }

  /** Fills in fields, and presses a button. */
  submit(
    browser: Browser,
    button: Button | undefined,
    filledIn: Readonly<Record<string, string>> = {},
  ): Promise<Page> {
    if (!button) throw new Error('The form does not have this button');
    const pressed = button.name === undefined ? {} : { [button.name]: button.value };
    return browser.post(this.action, { ...this.fields, ...filledIn, ...pressed });
  }
}

/** Finds all forms on a page that are sent by POST. */
export function formsOf(page: Page): HTMLForm[] {
  return [...page.text.matchAll(/(<form\b[^>]*>)(.*?)<\/form>/gs)]
    .filter(([, opening = '']) => attributeOf(opening, 'method')?.toLowerCase() === 'post')
    .map(([, opening = '', inside = '']) => new HTMLForm(page, opening, inside));
}

function buttonOf(tag: string, label: string): Button {
  return { name: attributeOf(tag, 'name'), value: attributeOf(tag, 'value') ?? '', label };
}

function attributeOf(tag: string, name: string): string | undefined {
  const value = new RegExp(`\\s${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? undefined : plain(value);
}

function plain(html: string): string {
  const named: Readonly<Record<string, string>> = { quot: '"', lt: '<', gt: '>', amp: '&' };
  return html
    .replace(/<[^>]*>/g, '')
    .replace(/&#(x?)([0-9a-f]+);/gi, (_, hex: string, digits: string) =>
      String.fromCodePoint(parseInt(digits, hex ? 16 : 10)),
    )
    .replace(/&(quot|lt|gt|amp);/g, (_, name: string) => named[name] ?? '')
    .trim();
}
