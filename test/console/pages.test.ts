import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import axe from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { pages } from '../../console/src/app/pages.ts';
import { texts as english } from '../../console/src/locales/en/index.ts';
import { texts as chinese } from '../../console/src/locales/zh/index.ts';
import { cannotRunLoop } from '../support/cli-world.ts';
import { browserMissing, openBrowser, settled, signIn, watchedPage } from './support/browser.ts';
import { type ConsoleObjects, consoleAddresses, consoleObjects } from './support/console-pages.ts';
import { type ConsoleWorld, createConsoleWorld, person } from './support/console-world.ts';

const minutes = 60_000;

/** Texts that differ between the languages: none of the English ones may be left on a Chinese page. */
function englishOnly(): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (left: unknown, right: unknown): void => {
    if (typeof left === 'string') {
      if (left !== right && left.length > 3 && !left.includes('{{')) found.add(left);
    } else
      for (const [key, value] of Object.entries(left as object)) visit(value, (right as Record<string, unknown>)[key]);
  };
  visit(english, chinese);
  return found;
}

async function violationsOf(page: Page): Promise<readonly string[]> {
  await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
  // Evaluated by the debugger of the browser: the policy of the page does not let scripts in.
  await page.evaluate(axe.source);
  const result = await page.evaluate(() =>
    (
      window as unknown as {
        axe: {
          run(
            options: unknown,
          ): Promise<{ violations: { id: string; impact: string; nodes: { html: string; target: unknown }[] }[] }>;
        };
      }
    ).axe.run({ resultTypes: ['violations'] }),
  );
  return result.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.slice(0, 3).map(({ html, target }) => `${id}: ${JSON.stringify(target)} ${html.slice(0, 200)}`),
    );
}

/** Wider than the window, or a word in a button that does not fit. */
function layoutFaults(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const faults: string[] = [];
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth > clientWidth + 1) faults.push(`the page is ${scrollWidth} wide in a window of ${clientWidth}`);
    const main = document.getElementById('content');
    if (main !== null && main.scrollWidth > main.clientWidth + 1)
      faults.push(`the content is ${main.scrollWidth} wide in ${main.clientWidth}`);
    for (const button of document.querySelectorAll<HTMLElement>('button, [role=tab]')) {
      const label = button.querySelector<HTMLElement>('[class*=label]') ?? button;
      const cut = label.scrollWidth > label.clientWidth + 1 && getComputedStyle(label).overflowX === 'hidden';
      if (cut && label.textContent !== '') faults.push(`cut: ${label.textContent}`);
    }
    return faults;
  });
}

describe('every page: themes, languages, accessibility, policy, layout, hostile text', {
  skip: browserMissing || cannotRunLoop(),
  timeout: 30 * minutes,
}, () => {
  let world: ConsoleWorld;
  let objects: ConsoleObjects;
  let browser: Browser;

  before(async () => {
    [world, browser] = await Promise.all([createConsoleWorld(), openBrowser()]);
    await world.onboard();
    objects = await consoleObjects(world);
  });
  after(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });

  for (const colorScheme of ['light', 'dark'] as const) {
    describe(`${colorScheme} theme, in English`, () => {
      let watched: Awaited<ReturnType<typeof watchedPage>>;
      before(async () => {
        watched = await watchedPage(browser, { colorScheme });
        await watched.page.goto(world.url);
        assert.deepEqual(await violationsOf(watched.page), [], 'the sign-in page');
        await signIn(watched.page, person);
      });
      after(() => watched?.context.close());
      for (const [index, { path }] of pages.entries()) {
        test(path, async () => {
          const { page } = watched;
          await page.goto(`${world.url}${consoleAddresses(objects)[index]?.address}`);
          await settled(page);
          assert.notEqual(await page.locator('h1').first().textContent(), '', 'a page has a heading');
          assert.match(await page.title(), /.+ · Drydock$/);
          assert.equal(
            await page.getByRole('heading', { name: english.common.error.crashed }).count(),
            0,
            'it crashed',
          );
          assert.deepEqual(await violationsOf(page), []);
          assert.deepEqual(await layoutFaults(page), []);
          assert.deepEqual(await watched.problems(), []);
        });
      }
    });
  }

  describe('in Chinese at 125 %: every text is translated, nothing is cut', () => {
    let watched: Awaited<ReturnType<typeof watchedPage>>;
    const left = englishOnly();
    before(async () => {
      // 1280 pixels at 125 % are 1024 of the page.
      watched = await watchedPage(browser, {
        locale: 'zh-CN',
        viewport: { width: 1024, height: 640 },
        deviceScaleFactor: 1.25,
      });
      await watched.page.goto(world.url);
      await signIn(watched.page, person);
    });
    after(() => watched?.context.close());
    for (const [index, { path }] of pages.entries()) {
      test(path, async () => {
        const { page } = watched;
        await page.goto(`${world.url}${consoleAddresses(objects)[index]?.address}`);
        await settled(page);
        const words = await page.evaluate(() => {
          const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
          const found = new Set<string>();
          // What says that it is English may be: names of the API.
          const isEnglish = (element: Element | null): boolean => element?.closest('body [lang=en]') != null;
          for (let node = walker.nextNode(); node !== null; node = walker.nextNode())
            if (!isEnglish(node.parentElement)) found.add(node.nodeValue?.trim() ?? '');
          for (const element of document.querySelectorAll('[aria-label],[placeholder],[title]')) {
            if (isEnglish(element)) continue;
            for (const name of ['aria-label', 'placeholder', 'title']) found.add(element.getAttribute(name) ?? '');
          }
          return [...found];
        });
        assert.ok(
          words.some((word) => /\p{Script=Han}/u.test(word)),
          'nothing is Chinese',
        );
        assert.deepEqual(
          words.filter((word) => left.has(word)),
          [],
        );
        assert.deepEqual(await layoutFaults(page), []);
        assert.deepEqual(await watched.problems(), []);
      });
    }
  });

  describe('an image whose every text is an attack', () => {
    let watched: Awaited<ReturnType<typeof watchedPage>>;
    before(async () => {
      watched = await watchedPage(browser);
      await watched.page.goto(world.url);
      await signIn(watched.page, person);
    });
    after(() => watched?.context.close());
    const fits = async (address: string): Promise<void> => {
      await watched.page.goto(`${world.url}${address}`);
      await settled(watched.page);
      assert.deepEqual(await layoutFaults(watched.page), [], address);
      assert.deepEqual(await watched.problems(), [], address);
    };

    test('all tabs of the image', async () => {
      await fits(`/images/${objects.hostile}`);
      const tabs = await watched.page.getByRole('tab').all();
      assert.ok(tabs.length >= 8, `${tabs.length} tabs`);
      for (const tab of tabs) {
        await tab.click();
        await settled(watched.page);
        assert.deepEqual(await layoutFaults(watched.page), [], await watched.page.evaluate(() => location.href));
        assert.deepEqual(await watched.problems(), []);
      }
    });

    test('its fix plan, its packages in the estate, other risks, filters and addresses', async () => {
      const attack = encodeURIComponent('<img src=x onerror=window.__pwned=1>');
      for (const address of [
        `/images/${objects.hostile}/fix`,
        '/packages',
        `/packages/view?name=${attack}&version=1`,
        '/risks?tab=malicious',
        `/images?q=${attack}`,
        `/images?q=tag:"${attack}"`,
        `/vulns?q=title:*"${attack}"*`,
        `/${attack}`,
        `/vulns/${attack}`,
        `/images/x?tab=${attack}`,
      ]) {
        await fits(address);
      }
    });
  });
});
