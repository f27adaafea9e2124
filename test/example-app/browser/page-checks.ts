// Finds what is wrong with a page on a phone, in dark mode, or for a screen reader, and saves screenshots for
// people to look at.

import path from 'node:path';

import axe from 'axe-core';
import type { Page } from 'playwright-core';

const SCREENSHOTS = path.join(__dirname, 'screenshots');

interface Phone {
  readonly width: number;
  readonly height: number;
}

const SMALL_PHONE: Phone = { width: 320, height: 568 };
const PHONE: Phone = { width: 375, height: 812 };

/** Returns what is wrong with the page, and saves screenshots of it whose names begin with `name`. */
export async function faultsOf(tab: Page, name: string): Promise<string[]> {
  const faults: string[] = [];
  await tab.waitForLoadState();
  await tab.evaluate(axe.source);
  for (const colorScheme of ['dark', 'light'] as const) {
    await tab.emulateMedia({ colorScheme });
    faults.push(...(await barriersOn(tab)).map((barrier) => `In ${colorScheme}: ${barrier}`));
    await keepPicture(tab, colorScheme === 'light' ? `${name}-desktop` : `${name}-desktop-dark`);
  }
  for (const phone of [SMALL_PHONE, PHONE]) faults.push(...(await overflowsOn(tab, phone)));
  await tab.setViewportSize(PHONE);
  await keepPicture(tab, `${name}-phone`);
  return faults;
}

async function keepPicture(tab: Page, name: string): Promise<void> {
  await tab.screenshot({ path: path.join(SCREENSHOTS, `${name}.png`), fullPage: true });
}

/** Returns what axe-core finds. The page must already have loaded axe-core. */
async function barriersOn(tab: Page): Promise<string[]> {
  const violations = await tab.evaluate(async () => {
    // The cast is safe because `faultsOf` has loaded axe-core into the page.
    const { axe: inPage } = window as unknown as { axe: typeof axe };
    const result = await inPage.run(document, { preload: false, resultTypes: ['violations'] });
    return result.violations.map(({ id, impact, help, nodes }) => ({
      what: `${id} (${String(impact)}): ${help}`,
      where: nodes.map(({ html }) => html),
    }));
  });
  return violations.map(({ what, where }) => [what, ...where].join('\n  '));
}

/** Returns the elements that are wider than the phone's screen. */
async function overflowsOn(tab: Page, phone: Phone): Promise<string[]> {
  const { width } = phone;
  const devtools = await tab.context().newCDPSession(tab);
  // This emulates a phone, because a small window is not enough: a phone also shrinks a page that has no
  // viewport setting.
  const metrics = { ...phone, mobile: true, deviceScaleFactor: 1 };
  await devtools.send('Emulation.setDeviceMetricsOverride', metrics);
  const { shown, wide } = await tab.evaluate((most) => {
    const elements = [...document.querySelectorAll('body *')];
    return {
      shown: Math.max(window.innerWidth, document.documentElement.scrollWidth),
      wide: elements
        .filter((element) => element.getBoundingClientRect().right > most + 0.5)
        .map(({ outerHTML }) => outerHTML.slice(0, 100)),
    };
  }, width);
  await devtools.detach();
  return shown === width && wide.length === 0
    ? []
    : [[`On a phone of ${width} pixels, the page has ${shown}`, ...wide].join('\n  ')];
}
