import type { Browser, Page } from 'playwright-core';
import { signIn, watchedPage } from '../../../test/console/support/browser.ts';
import { installed } from '../../../test/support/e0-debian.ts';
import { administrator, nativeClient, startService } from '../../../test/support/service.ts';
import { createToyEstate, toyLayers, toyRobot } from '../../../test/support/toy-estate.ts';
import { until } from '../../../test/support/until.ts';
import { report } from '../measure.ts';

const minutes = 60_000;
const rounds = 5;

interface Seen {
  readonly at: number;
  readonly value: string;
}

declare global {
  interface Window {
    seen?: Seen[];
  }
}

/** Writes down when an attribute in the page changes. */
async function watch(page: Page, selector: string, attribute: string): Promise<void> {
  await page.evaluate(
    ([found, name]) => {
      const seen: Seen[] = [];
      window.seen = seen;
      const look = (): void => {
        const value = document.querySelector(found as string)?.getAttribute(name as string) ?? '';
        if (seen.at(-1)?.value !== value) seen.push({ at: Date.now(), value });
        requestAnimationFrame(look);
      };
      look();
    },
    [selector, attribute],
  );
}

/** Hears the events of a service; the times at which they happened there. */
function hear(host: string, signal: AbortSignal): { readonly topic: string; readonly at: number }[] {
  const heard: { topic: string; at: number }[] = [];
  const authorization = `Basic ${Buffer.from(`${administrator.id}:${administrator.secret}`).toString('base64')}`;
  void (async () => {
    const { body } = await fetch(`http://${host}/api/v1/events`, { headers: { authorization }, signal });
    let text = '';
    for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      text += chunk;
      const lines = text.split('\n');
      text = lines.pop() ?? '';
      for (const line of lines.filter((one) => one.startsWith('data: '))) {
        const { topic, at } = JSON.parse(line.slice(6)) as { topic: string; at: string };
        heard.push({ topic, at: Date.parse(at) });
      }
    }
  })().catch(() => {});
  return heard;
}

/** How long after the end of a fix and of a scan at the server the page shows it, over the toy estate. */
export async function progressLag(browser: Browser): Promise<void> {
  await using estate = await createToyEstate();
  // The same image is not fixed twice in the same way, so every round has one of its own.
  for (let round = 0; round < rounds; round++) {
    estate.registry.pushTestImage('team/app', `bench${round}`, toyLayers(installed(`round${round}`, '1.0-1')));
  }
  await using service = await startService({ dataDirectory: estate.dataDirectory, env: estate.env });
  const native = nativeClient(service.host);
  const person = { name: 'bench', password: 'looks-at-the-console-1' };
  const made = await native('POST', '/users', person);
  await native('PUT', `/users/${made.body.id}/grants`, { grants: [{ policy: 'owner', projects: 'all' }] });
  const registry = { name: 'toys', kind: 'oci', baseUrl: estate.registry.url, insecure: true };
  await native('POST', '/registries', { ...registry, username: toyRobot.user, password: toyRobot.password });
  const list = async () => (await native('GET', '/images?q=scan:matched')).body.items;
  const images = await until('the images are scanned', list, (items) => items.length === rounds + 1, minutes);
  const { page, context } = await watchedPage(browser);
  await page.goto(`http://${service.host}/images`);
  await signIn(page, person);
  const stop = new AbortController();
  const heard = hear(service.host, stop.signal);
  const lags = async (topic: string, order: (round: number) => Promise<void>, ended: (value: string) => boolean) => {
    const all: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const before = heard.length;
      await order(round);
      const event = await until(
        topic,
        () => heard.slice(before).find((one) => one.topic === topic),
        Boolean,
        5 * minutes,
      );
      const seen = async () =>
        (await page.evaluate(() => window.seen ?? [])).find(({ at, value }) => at >= (event?.at ?? 0) && ended(value));
      const shown = await until('it is shown', seen, Boolean, minutes);
      all.push((shown?.at ?? 0) - (event?.at ?? 0));
    }
    return all.sort((a, b) => a - b);
  };
  const scans = await lags(
    'scan.finished',
    async (round) => {
      // The list is open before: events that come while a page is still opening are not heard by it.
      if (round === 0) await page.goto(`http://${service.host}/scans`);
      await page.locator('[data-row]').first().waitFor();
      const { body } = await native('POST', '/scans', { uuids: [images[round].uuid], force: true });
      await watch(page, `[data-row="${body.id}"] [data-tone]`, 'data-tone');
    },
    (tone) => tone !== 'busy' && tone !== '',
  );
  told('a scan has ended', scans);
  const fixes = await lags(
    'fix.finished',
    async (round) => {
      const order = { orders: [{ image: images[round].uuid, allFixable: true, strategy: 'best-effort' }] };
      const { status, body } = await native('POST', '/fixes', order);
      if (status >= 300) throw new Error(`the fix was not ordered: ${JSON.stringify(body)}`);
      await page.goto(`http://${service.host}/fixes/${body.items[0].id}`);
      await page.locator('[data-testid=fix-hero]').waitFor();
      await watch(page, '[data-testid=fix-hero]', 'data-tone');
    },
    (tone) => tone !== 'busy' && tone !== '',
  );
  told('a fix has ended', fixes);
  stop.abort();
  await context.close();
}

function told(name: string, lags: readonly number[]): void {
  report({ name: `${name}, until it is on the page, slowest`, ours: (lags.at(-1) ?? 0) / 1000, unit: 's', target: 1 });
  console.log(`  of ${lags.length}: ${lags.map((lag) => `${lag}`).join(', ')} ms`);
}
