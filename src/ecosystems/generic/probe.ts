import type { Probe, Window } from '../binaries/contract.ts';
import { classifiers } from './classifiers.ts';
import type { Anchor, Classifier, Hit } from './contract.ts';

/** How far into a file is looked. */
export const classifiedBytes = 256 * 1024 * 1024;
/** Versions of one name in one file: with a second one nothing is certain. */
const maxHits = 8;

interface Search {
  readonly classifier: Classifier;
  readonly anchor: Anchor;
}

/** Reads the version of a runtime or server that is known by its file name. */
export class VersionProbe implements Probe {
  readonly #searches: readonly Search[];
  readonly #hits: Hit[] = [];

  private constructor(searches: readonly Search[]) {
    this.#searches = searches;
  }

  /** Undefined for the ordinary file, whose name says nothing. */
  static of(path: string): VersionProbe | undefined {
    const slash = path.lastIndexOf('/') + 1;
    const full = path.slice(slash).toLowerCase();
    const name = full.endsWith('.exe') ? full.slice(0, -4) : full;
    const searches = classifiers.flatMap((classifier) =>
      (classifier.anchors(name) ?? []).map((anchor) => ({ classifier, anchor })),
    );
    return searches.length > 0 ? new VersionProbe(searches) : undefined;
  }

  window({ buffer, base, from, to, end }: Window): void {
    if (base + from >= classifiedBytes) return;
    const part = buffer.subarray(0, end);
    for (const { classifier, anchor } of this.#searches) {
      const { text } = anchor;
      for (let i = part.indexOf(text, from, 'latin1'); i >= 0 && i < to; i = part.indexOf(text, i + 1, 'latin1')) {
        const version = anchor.version(part, i, i + text.length);
        if (version !== undefined) this.#add(classifier, version, base + i);
      }
    }
  }

  #add({ name, launcher, library }: Classifier, version: string, offset: number): void {
    const known = this.#hits.some((hit) => hit.name === name && hit.version === version);
    if (known || this.#hits.length >= maxHits) return;
    this.#hits.push({ name, version, offset, ...(launcher && { launcher }), ...(library && { library }) });
  }

  /** What is certain: names with one version. */
  hits(): readonly Hit[] {
    return this.#hits.filter((hit) =>
      this.#hits.every(({ name, version }) => name !== hit.name || version === hit.version),
    );
  }
}
