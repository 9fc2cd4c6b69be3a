import { supportOf } from '../../ecosystems/index.ts';
import { type Pacer, type Plan, selectedImages } from '../../findings/index.ts';
import type { ScanState } from '../../inventory/index.ts';
import { compareText } from '../../kernel/index.ts';
import type { Worklist } from '../contract/index.ts';

/** Reasons of scans that are told apart. */
const mostReasons = 50;

/** Releases of the images of a plan that get no fixes any more, as the filter field `os` writes them. */
export async function endedReleases(plan: Plan, now: number, pacer: Pacer): Promise<ReadonlySet<string>> {
  const { rows } = plan.snapshot.images;
  const releases = new Map<string, { id: string; versionId: string; names: Set<string | null> }>();
  // Equal texts have equal numbers: each combination is read once.
  const seen = new Map<number, Set<number>>();
  for (const [index, image] of (await selectedImages(plan, pacer)).entries()) {
    if ((index & 1023) === 0 && pacer.due()) await pacer.rest();
    const release = rows.textNumber('osId', image) * 2 ** 24 + rows.textNumber('osVersion', image);
    const names = seen.get(release) ?? new Set();
    const name = rows.textNumber('osName', image);
    if (names.has(name)) continue;
    seen.set(release, names.add(name));
    const id = rows.text('osId', image);
    const versionId = rows.text('osVersion', image);
    if (id === null || versionId === null) continue;
    const key = `${id}:${versionId}`;
    const known = releases.get(key) ?? { id, versionId, names: new Set() };
    releases.set(key, known);
    known.names.add(rows.text('osName', image));
  }
  const day = new Date(now);
  const ended = [...releases].filter(([, { id, versionId, names }]) =>
    // The filter knows identifier and release only: where the name decides, all of its names have to agree.
    [...names].every((prettyName) => {
      const os = { id, versionId, codename: null, prettyName, path: 'etc/os-release' };
      return supportOf(os, day).state === 'ended';
    }),
  );
  return new Set(ended.map(([key]) => key));
}

/** How far the scans of the images of a plan came, and why no further. */
export async function scanHealth(plan: Plan, pacer: Pacer): Promise<Worklist['scanHealth']> {
  const { rows } = plan.snapshot.images;
  const images = await selectedImages(plan, pacer);
  const states = new Map<string, number>();
  const reasons = new Map<string, { state: string; code: string; message: string; images: number }>();
  for (const [index, image] of images.entries()) {
    if ((index & 1023) === 0 && pacer.due()) await pacer.rest();
    const state = rows.text('scanState', image) ?? 'never';
    states.set(state, (states.get(state) ?? 0) + 1);
    const code = rows.text('scanCode', image);
    if (code === null) continue;
    const key = `${state} ${code}`;
    const reason = reasons.get(key) ?? { state, code, message: rows.text('scanMessage', image) ?? '', images: 0 };
    reason.images++;
    reasons.set(key, reason);
  }
  return {
    images: images.length,
    states: [...states]
      .map(([state, count]) => ({ state: state as ScanState, images: count, filter: `image.scanState:${state}` }))
      .sort((a, b) => b.images - a.images || compareText(a.state, b.state)),
    reasons: [...reasons.values()]
      .map((reason) => ({ ...reason, state: reason.state as ScanState }))
      .sort((a, b) => b.images - a.images || compareText(a.code, b.code))
      .slice(0, mostReasons),
  };
}
