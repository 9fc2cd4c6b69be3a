/**
 * Pictures of every page, in both themes, 1280 and 1920 wide, in `console/screenshots/` (not kept in the repository):
 *   npm run screenshots [-- TEXT…]        only pages whose address holds one of the texts
 * DRYDOCK_DEMO_URL and DRYDOCK_DEMO_PASSWORD take the pictures of a running `npm run demo` instead of a world of their own.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../../test/arch/source-tree.ts';
import { openBrowser, settled, signIn, watchedPage } from '../../test/console/support/browser.ts';
import { consoleAddresses, consoleObjects } from '../../test/console/support/console-pages.ts';
import { createConsoleWorld, person } from '../../test/console/support/console-world.ts';

const wanted = process.argv.slice(2);
const folder = join(root, 'console/screenshots');
const {
  DRYDOCK_DEMO_URL: running,
  DRYDOCK_DEMO_PASSWORD: password = person.password,
  DRYDOCK_DEMO_LOCALE: locale = 'en-US',
} = process.env;

/** A world of its own, or the one that runs. */
async function opened() {
  if (running === undefined) {
    const world = await createConsoleWorld();
    await world.onboard();
    return { url: world.url, objects: await consoleObjects(world), end: () => world[Symbol.asyncDispose]() };
  }
  const session = await fetch(`${running}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name: person.name, password, kind: 'token' }),
  });
  const { token } = (await session.json()) as { token: string };
  const native = async (method: string, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${running}/api/v1${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    return { status: answer.status, body: await answer.json() };
  };
  return { url: running, objects: await consoleObjects({ native } as never), end: async () => {} };
}

const { url, objects, end } = await opened();
const browser = await openBrowser();
const tabs: Readonly<Record<string, readonly string[]>> = {
  '/images/$uuid': [
    'vulnerabilities',
    'packages',
    'layers',
    'baseline',
    'malicious',
    'sensitive',
    'config',
    'documents',
    'lineage',
    'activity',
  ],
};
await mkdir(folder, { recursive: true });
for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1280, 1920]) {
    const viewport = { width, height: Math.round((width * 10) / 16) };
    const { page, context, problems } = await watchedPage(browser, { colorScheme, viewport, locale });
    await page.goto(url);
    if (wanted.length === 0) await page.screenshot({ path: join(folder, `sign-in-${colorScheme}-${width}.png`) });
    await signIn(page, { name: person.name, password });
    const addresses = consoleAddresses(objects).flatMap(({ path, address }) => [
      { path, address, tab: '' },
      ...(tabs[path] ?? []).map((tab) => ({ path, address: `${address}?tab=${tab}`, tab })),
    ]);
    for (const { path, address, tab } of addresses) {
      const name = `${path}${tab === '' ? '' : `/${tab}`}`.replace(/^\/$/, '/overview').slice(1).replace(/[/$]+/g, '-');
      if (wanted.length > 0 && !wanted.some((text) => name.includes(text))) continue;
      await page.goto(`${url}${address}`);
      await settled(page);
      await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${width}.png`) });
      for (const problem of await problems()) console.error(`${address}: ${problem}`);
    }
    await context.close();
  }
}
await browser.close();
await end();
console.log(folder);
