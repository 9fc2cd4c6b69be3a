import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ScanReport } from '../../src/findings/index.ts';
import type { E0Options, E0World } from './e0.ts';
import { base } from './hostile-layers.ts';
import { storedImage, writeLayout } from './layout-files.ts';

/** One hostile layer on top of a harmless one, and what a scan must say about the image. */
export interface ImageRow {
  /** Group of hostile-inputs.md. */
  readonly group: number;
  readonly name: string;
  /** Stored bytes of the hostile layer. */
  readonly layer: () => Buffer;
  /** A further layer above. */
  readonly above?: () => Buffer;
  /** Of the hostile layer; default gzip. */
  readonly mediaType?: string;
  readonly state: ScanReport['scan']['state'];
  /** Codes of diagnostics that must be there. */
  readonly codes?: readonly string[];
  /** Packages found besides the one below. */
  readonly packages?: readonly string[];
  /** More to check, instead of the harmless package. */
  readonly check?: (report: ScanReport) => void;
  readonly options?: E0Options;
}

/** Nothing is wrong with such a layer. */
export const fine = { state: 'complete', codes: [] } as const;
/** An entry is left out, and the report says so. */
export const rejected = { state: 'partial', codes: ['suspicious_archive'] } as const;
/** A bomb must be stopped long before it has gone off. */
export const quick = { wallLimit: 45_000 };

/** One test per row, through the real command line under the common expectation E0. */
export function imageTests(rows: readonly ImageRow[], world: E0World): void {
  for (const row of rows) {
    test(`group ${row.group}: ${row.name}`, async () => {
      const directory = join(world.images, 'image');
      const stored = [{ stored: base }, { stored: row.layer(), ...(row.mediaType && { mediaType: row.mediaType }) }];
      if (row.above) stored.push({ stored: row.above() });
      await writeLayout(directory, storedImage(stored));
      const run = await world.run(['scan', `oci:${directory}:v1`, '--json', '-q'], row.options);
      assert.equal(run.code, 0, run.stderr);
      const report = JSON.parse(run.stdout) as ScanReport;
      const told = JSON.stringify(report.diagnostics.slice(0, 5), null, 1);
      assert.equal(report.scan.state, row.state, told);
      for (const code of row.codes ?? [])
        assert.ok(
          report.diagnostics.some((d) => d.code === code),
          `${code} in ${told}`,
        );
      const found = report.packages.map(({ name }) => name);
      for (const name of row.packages ?? []) assert.ok(found.includes(name), `${name} in ${found}`);
      if (row.check) row.check(report);
      else assert.ok(found.includes('base-files'), `the harmless package in ${found}`);
    });
  }
}
