import type { Browser } from 'playwright-core';
import { report } from '../measure.ts';
import { coldVisit, type SignedIn, type Visit } from './visit.ts';

const runs = Number(process.env.DRYDOCK_BENCH_RUNS ?? '5');
const kilobyte = 1000;

async function middle(once: () => Promise<Visit>): Promise<Visit> {
  const all: Visit[] = [];
  for (let run = 0; run < runs; run++) all.push(await once());
  all.sort((a, b) => a.lcp - b.lcp);
  const visit = all[Math.floor(all.length / 2)];
  if (visit === undefined) throw new Error('a benchmark needs at least one run');
  console.log(`  LCP of ${runs} runs: ${all.map(({ lcp }) => (lcp / 1000).toFixed(2)).join(', ')} s`);
  return visit;
}

/** What a first visit of the console costs who is signed in, and who is not, on a slow machine and a slow line. */
export async function firstLoads(browser: Browser, url: string, dist: string, signedIn: SignedIn): Promise<void> {
  // The smallest page that the same server has: what machine, line and browser cost.
  const floor = await middle(() => coldVisit(browser, `${url}/livez`, dist));
  const pages = [
    ['/, signed in', signedIn],
    ['/, sign-in page', undefined],
  ] as const;
  for (const [name, state] of pages) {
    const visit = await middle(() => coldVisit(browser, `${url}/`, dist, state));
    report({ name: `cold ${name}: LCP`, ours: visit.lcp / 1000, unit: 's', target: 2 });
    console.log(
      `  beside the smallest page of this server, ${(floor.lcp / 1000).toFixed(2)} s: ${(visit.lcp / floor.lcp).toFixed(1)}`,
    );
    console.log(
      `  first paint ${(visit.fcp / 1000).toFixed(2)} s, last answer ${(visit.complete / 1000).toFixed(2)} s, LCP is ${visit.lcpElement}`,
    );
    report({ name: `cold ${name}: JavaScript, gzip`, ours: visit.gzipScript / kilobyte, unit: 'KB', target: 250 });
    console.log(`  with brotli, as this browser is sent it: ${(visit.brotliScript / kilobyte).toFixed(1)} KB`);
    const wire = Object.entries(visit.wire).map(([kind, bytes]) => `${kind} ${(bytes / kilobyte).toFixed(0)}`);
    console.log(`  on the wire with headers, KB: ${wire.join(', ')}`);
    report({ name: `cold ${name}: CLS`, ours: visit.cls, unit: '', target: 0.05 });
    for (const line of visit.moved) console.log(`  moved: ${line}`);
  }
}
