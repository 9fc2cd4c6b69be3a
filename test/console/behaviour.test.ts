import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { cannotRunLoop } from '../support/cli-world.ts';
import { browserMissing, openBrowser, settled, signIn, type WatchedPage, watchedPage } from './support/browser.ts';
import { type ConsoleWorld, createConsoleWorld, person } from './support/console-world.ts';

const minutes = 60_000;

describe('addresses, keys, roles, a server that goes away', {
  skip: browserMissing || cannotRunLoop(),
  timeout: 15 * minutes,
}, () => {
  let world: ConsoleWorld;
  let browser: Browser;
  let watched: WatchedPage;
  let page: Page;

  before(async () => {
    [world, browser] = await Promise.all([createConsoleWorld(), openBrowser()]);
    await world.onboard();
    watched = await watchedPage(browser);
    page = watched.page;
    await page.goto(world.url);
    await signIn(page, person);
  });
  after(async () => {
    await browser?.close();
    await world?.[Symbol.asyncDispose]();
  });

  const rows = (of: Page = page): Promise<readonly string[]> =>
    of.locator('[role=grid] [role=row][data-row]').evaluateAll((all) =>
      // Without what the clock changes: "47 seconds ago".
      all.map((row) => (row.textContent ?? '').replace(/(\d+ \w+ ago|now)/g, '')),
    );

  /** The button of the selection; a facet of the filter has the same name. */
  const bulkScan = () => page.getByText('1 selected').locator('..').getByRole('button', { name: 'Scan', exact: true });

  test('a filtered address in a fresh browser shows the same rows, order and columns', async () => {
    await page.goto(
      `${world.url}/images?q=severity:critical%20-repository:platform/*&sort=repository&dir=asc&cols=image,os,digest,scan`,
    );
    await settled(page);
    const here = await rows();
    assert.ok(here.length >= 3, here.join('\n'));
    // An oracle beside the page: the same filter asked at the API.
    const { body } = await world.native(
      'GET',
      '/images?q=severity:critical%20-repository:platform/*&sort=repository&descending=false',
    );
    const names = body.items.map(({ repository }: { repository: string }) => repository);
    assert.deepEqual(
      names,
      here.map((text) => names.find((name: string) => text.startsWith(name))),
    );
    const fresh = await watchedPage(browser);
    await fresh.page.goto(page.url());
    await signIn(fresh.page, person);
    await settled(fresh.page);
    assert.deepEqual(await rows(fresh.page), here);
    const heads = await fresh.page.getByRole('columnheader').allTextContents();
    assert.equal(heads.filter(Boolean).length, 4, heads.join());
    await fresh.context.close();
  });

  test('text and pills of the filter mirror each other, and the address follows', async () => {
    await page.goto(`${world.url}/images`);
    await settled(page);
    const field = page.getByRole('textbox', { name: 'Filter' });
    await field.fill('severity:critical fixable:true');
    await field.press('Enter');
    await page.getByRole('button', { name: 'Remove fixable:true' }).click();
    await page.waitForURL((url) => url.searchParams.get('q') === 'severity:critical');
    assert.equal(await field.inputValue(), 'severity:critical');
    await page.goBack();
    await page.waitForURL((url) => url.searchParams.get('q') === 'severity:critical fixable:true');
    assert.equal(await field.inputValue(), 'severity:critical fixable:true');
    await field.fill('sevrity:critical');
    await field.press('Enter');
    await page.getByText(/cannot be read/).waitFor();
    await page.getByRole('button', { name: 'Clear filter' }).first().click();
  });

  test('Back restores the active row; j, k, Enter, x and ? do what the help says', async () => {
    await page.goto(`${world.url}/images`);
    await settled(page);
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('j');
    const active = page.locator('[data-row][data-active]');
    const name = await active.textContent();
    await page.keyboard.press('x');
    await page.getByText('1 selected').waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/images\/[0-9a-f]{32}/);
    await page.goBack();
    await settled(page);
    assert.equal(await active.textContent(), name);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    const search = page.getByRole('combobox', { name: 'Go to anything' });
    await search.fill('shop/web');
    await page
      .getByRole('option', { name: /shop\/web/ })
      .first()
      .waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/images\/[0-9a-f]{32}/);
  });

  test('Back restores where a long list was scrolled to; a tab is in the address', async () => {
    await page.goto(`${world.url}/vulns`);
    await settled(page);
    const grid = page.getByRole('grid').first();
    await grid.evaluate((element) => {
      element.scrollTop = 2000;
    });
    await page.waitForTimeout(500);
    const seen = page.locator('[role=row][data-row]').nth(20);
    const id = await seen.getAttribute('data-row');
    await seen.getByRole('link').first().click();
    await page.waitForURL(/\/vulns\/.+/);
    await page.getByRole('tab').nth(1).click();
    await page.waitForURL(/tab=/);
    const { href } = new URL(page.url());
    await page.reload();
    await settled(page);
    assert.equal(page.url(), href);
    assert.equal(await page.getByRole('tab').nth(1).getAttribute('aria-selected'), 'true');
    await page.goBack();
    await page.goBack();
    await settled(page);
    await page.locator(`[data-row="${id}"]`).waitFor();
    const top = await grid.evaluate((element) => element.scrollTop);
    assert.ok(top > 1500, `scrolled to ${top}`);
  });

  test('who may only look sees no actions', async () => {
    const made = await world.native('POST', '/users', { name: 'viewer', password: 'only-looks-at-it-1' });
    await world.native('PUT', `/users/${made.body.id}/grants`, { grants: [{ policy: 'viewer', projects: 'all' }] });
    const other = await watchedPage(browser);
    await other.page.goto(`${world.url}/images`);
    await signIn(other.page, { name: 'viewer', password: 'only-looks-at-it-1' });
    await settled(other.page);
    assert.ok((await rows(other.page)).length > 0);
    assert.equal(
      await other.page.getByRole('checkbox').count(),
      0,
      'nothing can be selected where nothing can be done',
    );
    assert.equal(await other.page.getByRole('link', { name: 'Audit log' }).count(), 0);
    assert.equal(await other.page.getByRole('link', { name: 'Access' }).count(), 0);
    await other.context.close();
  });

  test('a server that is away: a banner, the old rows, refused changes, and no reload when it is back', async () => {
    await page.goto(`${world.url}/images`);
    await settled(page);
    const before = await rows();
    await world.restart(async () => {
      await page.getByRole('alert').filter({ hasText: 'does not answer' }).waitFor({ timeout: 60_000 });
      assert.deepEqual(await rows(), before);
      await page.getByRole('checkbox').nth(1).check();
      await bulkScan().click();
      await page.getByText('nothing was changed').waitFor();
    });
    await page.getByText('The connection is back.').waitFor({ timeout: 60_000 });
    await page.getByRole('alert').filter({ hasText: 'does not answer' }).waitFor({ state: 'detached' });
    const { body } = await world.native('GET', '/scans?kind=image_scan&source=api');
    assert.equal(body.total ?? 0, body.items.length);
    assert.deepEqual(await rows(), before);
  });

  test('a change whose answer is lost is done once', async () => {
    await page.goto(`${world.url}/images?q=repository:tools/empty`);
    await settled(page);
    const scans = async (): Promise<number> => (await world.native('GET', '/scans?limit=500')).body.items.length;
    const count = await scans();
    let lost = 0;
    await page.route('**/api/v1/scans', async (route) => {
      if (route.request().method() !== 'POST' || lost > 0) return route.continue();
      lost++;
      // The server does it; the answer goes missing.
      await route.fetch();
      return route.abort('connectionreset');
    });
    await page.getByRole('checkbox').nth(1).check();
    await bulkScan().dblclick();
    await page
      .getByText(/ordered/)
      .first()
      .waitFor();
    await page.unroute('**/api/v1/scans');
    assert.equal(lost, 1);
    assert.equal(await scans(), count + 1);
  });
});
