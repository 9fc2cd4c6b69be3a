import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { cannotRunLoop } from '../support/cli-world.ts';
import { browserMissing, openBrowser, settled, signIn, type WatchedPage, watchedPage } from './support/browser.ts';
import { type ConsoleWorld, createConsoleWorld, person, robot } from './support/console-world.ts';
import { hands } from './support/hands.ts';

const minutes = 60_000;
const long = { timeout: 8 * minutes };

describe('from the first run to a verified fix and a downloaded export', {
  skip: browserMissing || cannotRunLoop(),
  timeout: 30 * minutes,
}, () => {
  let browser: Browser;
  before(async () => {
    browser = await openBrowser();
  });
  after(() => browser?.close());

  for (const way of ['mouse', 'keyboard'] as const) {
    describe(`by ${way}`, () => {
      let world: ConsoleWorld;
      let watched: WatchedPage;
      let page: Page;
      before(async () => {
        world = await createConsoleWorld();
        watched = await watchedPage(browser);
        page = watched.page;
        await page.goto(world.url);
      });
      after(async () => {
        await watched?.context.close();
        await world?.[Symbol.asyncDispose]();
      });

      test('an empty installation leads to its first result', async () => {
        const { press, write } = hands(page, way);
        await signIn(page, person);
        await page.waitForURL(/\/start/);
        await page.getByRole('heading', { name: 'Connect a registry' }).waitFor();
        await write('Address', `http://${world.registry.host}`);
        await write('User name', robot.username);
        await write('Password or token', robot.password);
        // The address begins with http:, so the fields that allow it are open already.
        await press('checkbox', /Accept any certificate/);
        await press('button', 'Connect and test');
        await page.getByText('Push images').waitFor(long);
        await press('button', 'Continue');
        await page.getByRole('heading', { name: 'Choose repositories' }).waitFor();
        const goOn = page.getByRole('button', { name: 'Continue' });
        await goOn
          .or(page.getByRole('button', { name: 'Synchronise', exact: true }))
          .first()
          .waitFor(long);
        await goOn.waitFor(long);
        await press('button', 'Continue');
        await press('button', /^Scan 6 images/);
        await page.getByRole('button', { name: 'Show the result' }).waitFor(long);
        await press('button', 'Show the result');
        await page.getByText('Your worst image that can be fixed').waitFor();
        assert.deepEqual(await watched.problems(), []);
      });

      test('what would change is shown, done, and proven', async () => {
        const { press } = hands(page, way);
        await press('button', /^Fix \d+ findings/);
        await page.getByRole('heading', { name: /vulnerabilities will be fixed by \d+ upgrades/ }).waitFor(long);
        const planned = Number(
          /^(\d+) of/.exec((await page.getByRole('heading', { name: /will be fixed/ }).textContent()) ?? '')?.[1],
        );
        await press('button', /^Fix now/);
        await page.waitForURL(/\/fixes\/ivf-/, long);
        const id = page.url().split('/').at(-1)?.split('?')[0] ?? '';
        const hero = page.getByTestId('fix-hero');
        await hero.getByRole('heading', { name: /^Proven: \d+ of \d+/ }).waitFor(long);
        const [, gone, of] = /Proven: (\d+) of (\d+)/.exec((await hero.textContent()) ?? '') ?? [];
        assert.equal(gone, of);
        // Independent of the page: the report of the task has one outcome for each vulnerability that was asked for.
        const { totals, outcomes } = (await world.native('GET', `/fixes/${id}/difference`)).body;
        assert.equal(new Set(outcomes.map((one: { id: string }) => one.id)).size, outcomes.length);
        assert.equal(outcomes.length, totals.requested);
        const fixed = outcomes.filter((one: { outcome: string }) => one.outcome === 'fixed').length;
        assert.equal(fixed, Number(gone));
        assert.equal(planned, fixed, 'the plan said what came');
        // The registry has what the page says: read by an independent client.
        const task = (await world.native('GET', `/fixes/${id}`)).body;
        const image = (await world.native('GET', `/images/${task.newImageUuid}`)).body;
        const manifest = await world.registry.manifest(image.repository, task.newTag);
        assert.equal(manifest.digest, image.digest);
        assert.deepEqual(await watched.problems(), []);
      });

      test('the fixed image is exported as it is shown', async () => {
        const { press } = hands(page, way);
        await press('link', /Open fixed image/);
        await page.waitForURL(/\/images\/[0-9a-f]{32}/);
        await settled(page);
        const total = page.getByTestId('row-total');
        await total.waitFor(long);
        await page.waitForFunction(
          () => Number(document.querySelector<HTMLElement>('[data-testid=row-total]')?.dataset.total) > 0,
        );
        const rows = Number(await total.getAttribute('data-total'));
        const [download] = await Promise.all([
          page.waitForEvent('download', long),
          (async () => {
            await press('button', 'Export this view');
            await press('menuitem', 'JSON Lines');
          })(),
        ]);
        const text = await readFile(await download.path(), 'utf8');
        assert.equal(text.trimEnd().split('\n').length, rows, 'the file has the rows of the screen');
        assert.deepEqual(await watched.problems(), []);
      });

      if (way === 'mouse') {
        test('from the overview to a verified fix: at most four clicks, no typing; it survives reload and loss of network', async () => {
          let clicks = 0;
          const click = async (what: ReturnType<Page['locator']>): Promise<void> => {
            clicks++;
            await what.click(long);
          };
          await page.goto(world.url);
          await page.getByRole('heading', { name: 'Overview' }).waitFor();
          await click(page.getByRole('link', { name: 'Fix shop/web:1.4.2' }).first());
          await click(page.getByTestId('fix-now'));
          await page.waitForURL(/\/fixes\/ivf-/, long);
          await page.reload();
          const hero = page.getByTestId('fix-hero');
          await hero.waitFor();
          await watched.context.setOffline(true);
          await page.waitForTimeout(30_000);
          await watched.context.setOffline(false);
          await hero.getByRole('heading', { name: /^Proven: \d+ of \d+/ }).waitFor(long);
          assert.ok(clicks <= 4, `${clicks} clicks`);
        });

        test('the difference can be downloaded', async () => {
          await page.getByRole('tab', { name: 'Before and after' }).click();
          const [download] = await Promise.all([
            page.waitForEvent('download'),
            page
              .getByRole('link', { name: /Download/ })
              .or(page.getByRole('button', { name: /Download/ }))
              .first()
              .click(),
          ]);
          const { totals, outcomes } = JSON.parse(await readFile(await download.path(), 'utf8'));
          assert.equal(outcomes.length, totals.requested);
          assert.equal(totals.fixed + totals.notAffected + totals.open, totals.requested);
        });
      }
    });
  }
});
