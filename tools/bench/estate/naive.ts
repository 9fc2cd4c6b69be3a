import { statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Snapshot } from '../../../src/findings/index.ts';

/** What a row per finding costs, measured on a part of the estate. */
export interface NaiveCost {
  readonly rows: number;
  readonly bytesPerFinding: number;
  /** First page of 50, the worst first, without an index that is kept in that order. */
  readonly worstFirstMs: number;
}

const enough = 500_000;

/** Writes the findings of some images as rows, as most comparable tools do, and asks for the worst ones. */
export async function naiveRows(snapshot: Snapshot, folder: string): Promise<NaiveCost> {
  const file = join(folder, 'naive.db');
  const db = new DatabaseSync(file);
  db.exec(`PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;
    CREATE TABLE finding (id INTEGER PRIMARY KEY, image INTEGER, package TEXT, version TEXT, vulnerability TEXT,
      severity INTEGER, score INTEGER, fixed TEXT, state INTEGER, seen INTEGER);
    BEGIN`);
  const insert = db.prepare('INSERT INTO finding VALUES (NULL, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const { images, contents, sets, matches } = snapshot;
  let rows = 0;
  for (let image = 0; image < images.count && rows < enough; image++) {
    const content = images.content[image] as number;
    if (content < 0) continue;
    for (const set of contents.sets.row(content)) {
      for (const pkg of sets.packages.row(set)) {
        for (const match of matches.ofPackage.row(pkg)) {
          const facts = matches.packages[pkg];
          const vulnerability = matches.vulnerabilities[matches.vulnerability[match] as number];
          insert.run(
            ...([image, facts?.name ?? '', facts?.version ?? '', vulnerability?.name ?? ''] as const),
            ...([
              matches.severity[match] ?? 0,
              vulnerability?.cvssMilli ?? 0,
              matches.fixedVersion[match] ?? null,
            ] as const),
            ...([matches.state[match] ?? 0, matches.openedAt[match] ?? 0] as const),
          );
          rows++;
        }
      }
    }
  }
  db.exec(`COMMIT; CREATE INDEX by_image ON finding (image); CREATE INDEX by_vulnerability ON finding (vulnerability)`);
  const started = performance.now();
  db.prepare('SELECT * FROM finding ORDER BY severity, score DESC, id LIMIT 50').all();
  const worstFirstMs = performance.now() - started;
  db.close();
  return { rows, bytesPerFinding: statSync(file).size / rows, worstFirstMs };
}
