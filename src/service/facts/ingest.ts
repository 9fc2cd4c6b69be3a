import type { AdvisoryIndex } from '../../advisories/index.ts';
import type { Ecosystem } from '../../ecosystems/index.ts';
import {
  type FactsWriter,
  type Ingested,
  type IngestOptions,
  imageFacts,
  type ScanReport,
} from '../../findings/index.ts';
import type { JobQueue } from '../../jobs/index.ts';
import { type Clock, hasCode } from '../../kernel/index.ts';
import type { ReportIngest } from '../scans/ports.ts';
import { queueRematch } from './jobs.ts';
import { packageMatching } from './matching.ts';

/** What taking in reports needs. */
export interface IngestDeps {
  readonly store: FactsWriter;
  readonly ecosystems: readonly Ecosystem[];
  readonly clock: Clock;
  readonly queue: Pick<JobQueue, 'enqueue'>;
  /** The advisories that the scans of this process use. Asked for every report; disposing of it is the owner's. */
  readonly index: () => AdvisoryIndex | Promise<AdvisoryIndex>;
}

/**
 * Takes reports into the store. Packages that nobody had before are matched ahead of the transaction; a report of an image
 * that has left the inventory meanwhile is dropped.
 */
export function createReportIngest(deps: IngestDeps): ReportIngest & {
  /** Like `ingest`, with what it changed; null when the image is no longer there. */
  take(report: ScanReport, options: Omit<IngestOptions, 'at'>): Promise<Ingested | null>;
} {
  const kinds = new Map(deps.ecosystems.flatMap(({ types, kind }) => types.map((type) => [type, kind] as const)));
  const take = async (report: ScanReport, options: Omit<IngestOptions, 'at'>): Promise<Ingested | null> => {
    const facts = imageFacts(report, kinds);
    const matching = packageMatching(await deps.index(), deps.ecosystems);
    const known = await deps.store.knownPackages(facts.packages);
    matching.prepare(facts.packages.filter((_, position) => known[position] !== true));
    try {
      const at = deps.clock.now().getTime();
      const ingested = await deps.store.ingest(facts, matching, { at, ...options });
      if (ingested.rematchNeeded) await queueRematch(deps.queue);
      return ingested;
    } catch (error) {
      if (hasCode(error, 'unknown_image')) return null;
      throw error;
    }
  };
  return {
    take,
    async ingest(report, { generation, fence }) {
      await take(report, { analysers: generation, ...(fence && { fence }) });
    },
  };
}
