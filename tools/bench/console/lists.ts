import type { Browser, Page } from 'playwright-core';
import { watchedPage } from '../../../test/console/support/browser.ts';
import { administrator, type NativeCall } from '../../../test/support/service.ts';
import { report } from '../measure.ts';
import { scrolled } from './scroll.ts';
import type { SignedIn } from './visit.ts';

const requests = 20;
const rowsToScroll = Number(process.env.DRYDOCK_BENCH_ROWS ?? '10000');

/** Long lists: the server's answers, first rows, scrolling, and an image with about 10,000 findings. */
export async function longLists(
  browser: Browser,
  url: string,
  { native, signedIn }: { readonly native: NativeCall; readonly signedIn: SignedIn },
): Promise<void> {
  const floor = await times(`${url}/livez`);
  for (const [name, query] of [
    ['worst first', 'limit=200&sort=worst'],
    ['with critical findings, worst first', 'limit=200&sort=worst&q=severity%3Acritical'],
  ] as const) {
    const taken = await times(`${url}/api/v1/images?${query}`);
    report({
      ...{ name: `images ${name}: first 200 rows, p95`, ours: taken.p95, unit: 'ms' },
      ...{ reference: floor.p95, referenceName: 'smallest answer' },
    });
    console.log(`  slowest of ${requests}: ${taken.max.toFixed(0)} ms; target ≤ 500 ms ${verdict(taken.p95 <= 500)}`);
  }
  const { page, context } = await watchedPage(browser, { storageState: signedIn });
  page.setDefaultTimeout(60_000);
  await page.goto(`${url}/images`);
  await page.locator('[data-row]').first().waitFor();
  report({
    name: 'images: address to first rows, warm browser',
    ours: await opened(page, `${url}/images`),
    unit: 'ms',
  });
  await scrolling(browser, page);
  await crowded(page, url, native);
  await context.close();
}

const verdict = (met: boolean): string => (met ? 'met' : 'MISSED');

async function times(address: string): Promise<{ readonly p95: number; readonly max: number }> {
  const authorization = `Basic ${Buffer.from(`${administrator.id}:${administrator.secret}`).toString('base64')}`;
  const all: number[] = [];
  for (let index = 0; index < requests; index++) {
    const begin = performance.now();
    await (await fetch(address, { headers: { authorization } })).arrayBuffer();
    all.push(performance.now() - begin);
  }
  all.sort((a, b) => a - b);
  return { p95: all[Math.ceil(requests * 0.95) - 1] ?? 0, max: all.at(-1) ?? 0 };
}

/** ms from asking for an address to its first rows; the middle of five. */
async function opened(page: Page, address: string): Promise<number> {
  const all: number[] = [];
  for (let run = 0; run < 5; run++) {
    await page.goto('about:blank');
    const begin = performance.now();
    await page.goto(address, { waitUntil: 'commit' });
    await page.locator('[data-row]').first().waitFor();
    all.push(performance.now() - begin);
  }
  return all.sort((a, b) => a - b)[2] ?? 0;
}

async function scrolling(browser: Browser, page: Page): Promise<void> {
  const bare = await watchedPage(browser);
  // What this machine can do without a graphics card: as many rows of plain text, all of them there from the start.
  await bare.page.setContent(
    `<div role="grid" style="height:600px;overflow:auto">${'<div role="row" data-row style="height:44px">a row of text</div>'.repeat(2000)}</div>`,
  );
  const floor = await scrolled(bare.page, { rows: 2000, perFrame: 132 });
  await bare.context.close();
  console.log(`scrolling plain text, no script but the measurement: ${floor.fps.toFixed(1)} frames a second`);
  for (const [name, perFrame] of [
    ['as they load, 180 rows a second', 132],
    ['as they load, 600 rows a second', 440],
  ] as const) {
    const seen = await scrolled(page, { rows: rowsToScroll, perFrame });
    console.log(
      `images ${name}: ${seen.rows} rows, ${seen.fps.toFixed(1)} frames a second (${verdict(seen.fps >= 55)} ≥ 55; ` +
        `${(seen.fps / floor.fps).toFixed(2)} of plain text), 95 % of frames within ${seen.p95.toFixed(1)} ms, slowest ${seen.slowest.toFixed(0)} ms, ` +
        `at most ${seen.nodes} rows in the document (${verdict(seen.nodes <= 200)} ≤ 200)`,
    );
    await page.reload();
    await page.locator('[data-row]').first().waitFor();
  }
}

/** The image with the most findings, opened as a user does: from the list, and by its address. */
async function crowded(page: Page, url: string, native: NativeCall): Promise<void> {
  const { body } = await native('GET', '/images?limit=1&q=image.id%3A1');
  const [image] = body.items;
  const findings = image.counts.cve.total + image.counts.sca.total;
  await page.goto(`${url}/images?q=uuid:${image.uuid}`);
  const row = page.locator('[data-row]').first();
  await row.waitFor();
  // The code of the page is there for who has opened an image before.
  const all: number[] = [];
  for (let run = 0; run < 5; run++) {
    const begin = performance.now();
    await row.locator('a').first().click();
    await page.locator(`[role=grid] [data-row]`).nth(5).waitFor();
    all.push(performance.now() - begin);
    await page.goBack();
    await row.waitFor();
  }
  all.sort((a, b) => a - b);
  report({ name: `image with ${findings} findings: click to rows`, ours: (all[2] ?? 0) / 1000, unit: 's', target: 1 });
  const address = await opened(page, `${url}/images/${image.uuid}`);
  report({ name: `image with ${findings} findings: address to rows`, ours: address / 1000, unit: 's', target: 1 });
}
