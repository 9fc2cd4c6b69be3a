import { pages } from '../../../console/src/app/pages.ts';
import { until } from '../../support/until.ts';
import type { ConsoleWorld } from './console-world.ts';

/** What addresses of single objects are made of. */
export interface ConsoleObjects {
  readonly image: string;
  readonly hostile: string;
  readonly vulnerability: string;
  readonly fix: string;
  readonly scan: string;
  readonly registry: number;
  readonly user: number;
}

/** Orders a fix in an onboarded world and finds one object of each kind. */
export async function consoleObjects({ native }: ConsoleWorld, fixes = true): Promise<ConsoleObjects> {
  const imageOf = async (repository: string): Promise<string> =>
    (await native('GET', `/images?q=repository:${encodeURIComponent(repository)}`)).body.items[0].uuid;
  const [image, hostile] = [await imageOf('platform/debian'), await imageOf('hostile/text')];
  let fix = '';
  if (fixes) {
    const ordered = await native('POST', '/fixes', { orders: [{ image, allFixable: true, strategy: 'best-effort' }] });
    fix = ordered.body.items[0].id;
    const status = async () => (await native('GET', `/fixes/${fix}`)).body.status;
    await until('the fix', status, (now) => now !== 'running', 5 * 60_000);
  }
  const first = async (path: string) => (await native('GET', path)).body.items[0];
  return {
    ...{ image, hostile, fix },
    vulnerability: (await first('/vulnerabilities?limit=1')).key,
    scan: (await first('/scans?kind=image_scan&limit=1')).id,
    registry: (await first('/registries?limit=1')).id,
    user: (await first('/users')).id,
  };
}

/** Every page of the console at an address that has something to show; a page without one is an error of the test. */
export function consoleAddresses(
  objects: ConsoleObjects,
): readonly { readonly path: string; readonly address: string }[] {
  const { image, vulnerability, fix, scan, registry, user } = objects;
  const known: Readonly<Record<string, string>> = {
    '/images/$uuid': `/images/${image}`,
    '/images/$uuid/fix': `/images/${image}/fix`,
    '/vulns/$key': `/vulns/${encodeURIComponent(vulnerability)}`,
    '/packages/view': '/packages/view?name=lodash&version=4.17.15',
    '/risks/$kind/view': '/risks/malicious/view',
    '/fixes/$id': `/fixes/${fix}`,
    '/scans/$id': `/scans/${scan}`,
    '/registries/$id': `/registries/${registry}`,
    '/access/$id': `/access/${user}`,
  };
  return pages.map(({ path }) => {
    const address = path.includes('$') ? known[path] : (known[path] ?? path);
    if (address === undefined) throw new Error(`no address is known for the page ${path}`);
    return { path, address };
  });
}
