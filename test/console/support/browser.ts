import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { findProgram } from '../../support/system.ts';

/** Why no browser can be opened here, for the `skip` option; false when one can. */
export const browserMissing: string | false =
  findProgram('chromium') === undefined && 'needs chromium: run tools/system-deps.sh';

/** The system's Chromium without a window; it asks nobody but the page's server. */
export function openBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findProgram('chromium') ?? '',
    args: [
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--force-prefers-reduced-motion',
    ],
  });
}

/** A page, and what went wrong in it: errors, refusals of the content security policy, scripts of others that ran. */
export interface WatchedPage {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Everything since the last call. */
  problems(): Promise<readonly string[]>;
}

declare global {
  interface Window {
    violations?: string[];
    __pwned?: number;
  }
}

/** Answers that the console expects to be refused now and then: they are shown to the user, and are no fault of the page. */
const expected = /Failed to load resource: the server responded with a status of (40[0-9]|410|422|429)/;

/** Opens a page whose faults are written down. */
export async function watchedPage(browser: Browser, options: BrowserContextOptions = {}): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    locale: 'en-US',
    timezoneId: 'Europe/Berlin',
    reducedMotion: 'reduce',
    ...options,
  });
  await context.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      window.violations?.push(`${violatedDirective} ${blockedURI}`),
    );
  });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  let seen: string[] = [];
  page.on('pageerror', (error) => seen.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (message.type() === 'error' && !expected.test(message.text())) seen.push(`console: ${message.text()}`);
  });
  page.on('dialog', (dialog) => {
    seen.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  return {
    page,
    context,
    async problems() {
      const inside = await page.evaluate(() => [
        ...(window.violations ?? []).map((text) => `policy: ${text}`),
        ...(window.__pwned === undefined ? [] : ['a script of others ran']),
      ]);
      await page.evaluate(() => {
        window.violations = [];
      });
      const found = [...seen, ...inside];
      seen = [];
      return found;
    },
  };
}

/** Signs in on the page that is open. */
export async function signIn(
  page: Page,
  { name, password }: { readonly name: string; readonly password: string },
): Promise<void> {
  await page.locator('input[name=username]').fill(name);
  await page.locator('input[name=password]').fill(password);
  await page.keyboard.press('Enter');
  await page.locator('#content').waitFor();
}

/** Waits until nothing on the page is a placeholder any more and no request is under way. */
export async function settled(page: Page): Promise<void> {
  await page.locator('#content, form').first().waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
  await page.waitForTimeout(250);
}
