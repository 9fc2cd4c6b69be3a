import { createHash } from 'node:crypto';
import { createReadStream, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { watchedPage } from '../../../test/console/support/browser.ts';
import { administrator, type NativeCall } from '../../../test/support/service.ts';
import { report } from '../measure.ts';
import { resident } from '../parts/estate-service.ts';
import type { SignedIn } from './visit.ts';

const wanted = 1_000_000;

/** A large export as a user orders it: how soon it downloads, whether it is complete, what it costs the tab. */
export async function largeExport(
  browser: Browser,
  url: string,
  { native, signedIn }: { readonly native: NativeCall; readonly signedIn: SignedIn },
): Promise<void> {
  const filter = await filterOf(native);
  const { page, context } = await watchedPage(browser, { storageState: signedIn });
  await page.goto(`${url}/exports?new=findings`);
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Filter' }).fill(filter);
  await page.waitForTimeout(3000);
  const words = (await dialog.getByRole('status').first().textContent()) ?? '';
  const shown = Number(/[\d,]+/.exec(words)?.[0].replaceAll(',', ''));
  const [before, tab] = await memory(browser, page);
  const begin = performance.now();
  const downloading = page.waitForEvent('download', { timeout: 120_000 });
  await dialog.locator('button[type=submit]').click();
  const download = await downloading;
  const seconds = (performance.now() - begin) / 1000;
  const file = join(tmpdir(), `drydock-bench-${process.pid}.csv`);
  await download.saveAs(file);
  const whole = (performance.now() - begin) / 1000;
  const [after] = await memory(browser, page);
  const { rows, sha256 } = await read(file);
  report({ name: `export of ${shown} rows: click to download`, ours: seconds, unit: 's', target: 3 });
  console.log(`  downloaded after ${whole.toFixed(1)} s, ${(statSync(file).size / 1e6).toFixed(0)} MB`);
  console.log(`  rows on screen ${shown}, in the file ${rows}: ${rows === shown ? 'met' : 'MISSED'}`);
  report({ name: '  memory of the tab, growth', ours: after - before, unit: 'MiB', target: 50 });
  console.log(`  of ${before.toFixed(0)} MiB in process ${tab}`);
  await resumed(`${url}${new URL(download.url()).pathname}`, sha256);
  rmSync(file);
  await context.close();
}

/** A filter that selects about a million findings, or a third of a smaller estate: all above some score. */
async function filterOf(native: NativeCall): Promise<string> {
  const count = async (q: string): Promise<number> =>
    (await native('GET', `/findings/count?grain=finding&q=${encodeURIComponent(q)}`)).body.count;
  const target = Math.min(wanted, (await count('')) / 3);
  let [low, high] = [0, 10];
  for (let step = 0; step < 12; step++) {
    const middle = (low + high) / 2;
    if ((await count(`cvss>=${middle.toFixed(2)}`)) > target) low = middle;
    else high = middle;
  }
  return `cvss>=${low.toFixed(2)}`;
}

/** Memory in MiB of the process that draws the page, after a garbage collection; its number. */
async function memory(browser: Browser, page: Page): Promise<readonly [number, number]> {
  const inPage = await page.context().newCDPSession(page);
  await inPage.send('HeapProfiler.collectGarbage');
  await inPage.detach();
  const session = await browser.newBrowserCDPSession();
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  await session.detach();
  const drawing = processInfo.filter(({ type }) => type === 'renderer').map(({ id }) => id);
  // A spare renderer waits beside that of the page: the larger one is ours.
  const sizes = drawing.map((id) => [resident(id, 'RssAnon'), id] as const).sort(([a], [b]) => b - a);
  return sizes[0] ?? [0, 0];
}

async function read(file: string): Promise<{ readonly rows: number; readonly sha256: string }> {
  const hash = createHash('sha256');
  let rows = -1;
  let quoted = false;
  for await (const chunk of createReadStream(file) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    // RFC 4180: a line feed inside of quotes is part of a cell.
    for (const byte of chunk) {
      if (byte === 0x22) quoted = !quoted;
      else if (byte === 0x0a && !quoted) rows++;
    }
  }
  return { rows, sha256: hash.digest('hex') };
}

/** Breaks a download in the middle and goes on where it ended. */
async function resumed(address: string, sha256: string): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${administrator.id}:${administrator.secret}`).toString('base64')}`;
  const hash = createHash('sha256');
  let done = 0;
  const broken = new AbortController();
  const first = await fetch(address, { headers: { authorization }, signal: broken.signal });
  const half = Number(first.headers.get('content-length')) / 2;
  const etag = first.headers.get('etag') ?? '';
  for await (const chunk of first.body ?? []) {
    hash.update(chunk);
    done += chunk.length;
    if (done > half) break;
  }
  broken.abort();
  const range = { range: `bytes=${done}-`, 'if-range': etag };
  const rest = await fetch(address, { headers: { authorization, ...range } });
  for await (const chunk of rest.body ?? []) hash.update(chunk);
  const same = rest.status === 206 && hash.digest('hex') === sha256;
  console.log(
    `  interrupted after ${(done / 1e6).toFixed(0)} MB and resumed: ${same ? 'the same bytes, met' : 'MISSED'}`,
  );
}
