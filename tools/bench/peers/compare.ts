/**
 * Lists the packages that other scanners and this one find in the same image, and prints for each packaging world what one
 * found that the other did not: `node tools/bench/peers/compare.ts [ARCHIVE] [--all]`. Without an archive the mixed image of
 * the benchmarks is made. docs/comparison.md explains the differences.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measure } from '../measure.ts';
import { missingForMixedImage, mixedImage } from '../worlds/mixed-image.ts';
import type { Peer, PeerPackage } from './contract.ts';
import { drydock, peers } from './peers.ts';

const args = process.argv.slice(2);
const shown = args.includes('--all') ? Number.POSITIVE_INFINITY : 10;
const given = args.find((arg) => !arg.startsWith('--'));
const missing = given === undefined ? missingForMixedImage() : [];
if (missing.length > 0) {
  console.log(`skipped: needs ${missing.join(', ')}`);
  process.exit(0);
}
const scratch = await mkdtemp(join(tmpdir(), 'drydock-peers-'));
try {
  const archive = given ?? (await mixedImage(scratch)).archive;
  const own = await inventory(drydock, archive);
  for (const peer of peers) {
    if ((await peer.find()) === undefined) console.log(`\n── ${peer.name}: not here; get it from ${peer.source}`);
    else compare(peer.name, own, await inventory(peer, archive));
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
}

async function inventory(peer: Peer, archive: string): Promise<readonly PeerPackage[]> {
  const program = (await peer.find()) ?? '';
  peer.prepare?.(scratch);
  const [command = '', ...rest] = peer.command(program, archive, scratch);
  const env = { ...process.env, DRYDOCK_DATA_DIR: join(scratch, 'data') };
  const run = await measure(command, rest, { env, accept: [0, 4] });
  const stdout = peer === drydock ? await readFile(join(scratch, 'drydock.json'), 'utf8') : run.stdout;
  return peer.packages(stdout);
}

function compare(name: string, own: readonly PeerPackage[], theirs: readonly PeerPackage[]): void {
  console.log(`\n── ${name}`);
  const types = [...new Set([...own, ...theirs].map(({ type }) => type))].sort();
  for (const type of types) {
    const [ours, others] = [own, theirs].map((all) => new Set(all.filter((pkg) => pkg.type === type).map(textOf)));
    if (ours === undefined || others === undefined) continue;
    const both = ours.intersection(others).size;
    console.log(
      `${type.padEnd(10)} both ${both}, only drydock ${ours.size - both}, only ${name} ${others.size - both}`,
    );
    print('drydock', ours.difference(others));
    print(name, others.difference(ours));
  }
}

function textOf({ name, version }: PeerPackage): string {
  return `${name} ${version}`;
}

function print(whose: string, only: ReadonlySet<string>): void {
  const list = [...only];
  for (const text of list.slice(0, shown)) console.log(`    only ${whose}: ${text}`);
  if (list.length > shown) console.log(`    … ${list.length - shown} more only of ${whose}; --all lists them`);
}
