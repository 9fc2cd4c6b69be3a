import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, CDPSession, Page } from 'playwright-core';
import { watchedPage } from '../../../test/console/support/browser.ts';

/** Cookies and storage of who is signed in. */
export type SignedIn = BrowserContextOptions['storageState'];

/** How a first visit went. */
export interface Visit {
  /** ms until the largest part of the page was painted; what it was. */
  readonly lcp: number;
  readonly lcpElement: string;
  readonly fcp: number;
  readonly cls: number;
  /** Which parts of the page moved, worst first. */
  readonly moved: readonly string[];
  /** Bytes on the wire by kind of file: `Script`, `Stylesheet`, `Font`, `Fetch`. */
  readonly wire: Readonly<Record<string, number>>;
  /** Scripts as gzip and as brotli send them, without headers. */
  readonly gzipScript: number;
  readonly brotliScript: number;
  /** ms at which the last answer came that the page shows. */
  readonly complete: number;
}

declare global {
  interface Window {
    bench?: {
      lcp: { at: number; element: string };
      shifts: { value: number; nodes: string }[];
    };
  }
}

interface Shift extends PerformanceEntry {
  readonly value: number;
  readonly hadRecentInput: boolean;
  readonly sources?: readonly { readonly node?: Node | null }[];
}
interface Paint extends PerformanceEntry {
  readonly element?: Element | null;
}

/** Runs in the page before anything of it. */
function observe(): void {
  const bench = { lcp: { at: 0, element: '' }, shifts: [] as { value: number; nodes: string }[] };
  window.bench = bench;
  const nameOf = (node: Node | null | undefined): string => {
    const element = node instanceof Element ? node : node?.parentElement;
    return element == null ? '' : `${element.tagName.toLowerCase()}.${String(element.getAttribute('class'))}`;
  };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as Paint[]) {
      const text = (entry.element?.textContent ?? '').slice(0, 40);
      bench.lcp = { at: entry.startTime, element: `${nameOf(entry.element)} “${text}”` };
    }
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const { value, hadRecentInput, sources = [] } of list.getEntries() as Shift[]) {
      if (!hadRecentInput) bench.shifts.push({ value, nodes: sources.map(({ node }) => nameOf(node)).join(' + ') });
    }
  }).observe({ type: 'layout-shift', buffered: true });
}

/** A processor four times as slow, 10 Mbit/s, 40 ms to the server and back. */
export async function throttle(page: Page, cpu = 4): Promise<CDPSession> {
  const session = await page.context().newCDPSession(page);
  const perSecond = 10_000_000 / 8;
  await session.send('Network.enable');
  await session.send('Network.emulateNetworkConditions', {
    ...{ offline: false, latency: 40, downloadThroughput: perSecond, uploadThroughput: perSecond },
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: cpu });
  return session;
}

/** Opens an address in a browser that has never seen the console, on a slow machine and a slow line. */
export async function coldVisit(
  browser: Browser,
  address: string,
  dist: string,
  storageState?: SignedIn,
): Promise<Visit> {
  const { page, context } = await watchedPage(browser, storageState === undefined ? {} : { storageState });
  await page.addInitScript(observe);
  const session = await throttle(page);
  const wire: Record<string, number> = {};
  const kinds = new Map<string, string>();
  const scripts = new Set<string>();
  session.on('Network.responseReceived', ({ requestId, type, response }) => {
    kinds.set(requestId, type);
    if (type === 'Script') scripts.add(new URL(response.url).pathname);
  });
  let complete = 0;
  const begin = Date.now();
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    const kind = kinds.get(requestId) ?? 'Other';
    wire[kind] = (wire[kind] ?? 0) + encodedDataLength;
    complete = Date.now() - begin;
  });
  await page.goto(address, { waitUntil: 'load' });
  await page.waitForFunction(() => document.querySelector('#content, form, pre, body:not(:has(#root))') !== null);
  await page.waitForFunction(() => document.querySelector('[aria-busy=true]') === null);
  await page.waitForTimeout(3000);
  const seen = await page.evaluate(() => ({
    bench: window.bench,
    fcp: performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0,
  }));
  await context.close();
  const shifts = [...(seen.bench?.shifts ?? [])].sort((a, b) => b.value - a.value);
  return {
    lcp: seen.bench?.lcp.at ?? 0,
    lcpElement: seen.bench?.lcp.element ?? '',
    fcp: seen.fcp,
    cls: shifts.reduce((sum, { value }) => sum + value, 0),
    moved: shifts.slice(0, 5).map(({ value, nodes }) => `${value.toFixed(3)} ${nodes}`),
    ...{ wire, complete },
    gzipScript: sizes(dist, scripts, '.gz'),
    brotliScript: sizes(dist, scripts, '.br'),
  };
}

/** Bytes of files as the build has compressed them. */
function sizes(dist: string, paths: ReadonlySet<string>, suffix: string): number {
  const packed = [...paths].map(
    (path) => statSync(join(dist, `${path}${suffix}`), { throwIfNoEntry: false })?.size ?? 0,
  );
  return packed.reduce((sum, size) => sum + size, 0);
}
