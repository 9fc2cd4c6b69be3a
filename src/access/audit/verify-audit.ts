import type { AccessStore } from '../ports.ts';
import { firstHash, hashAudit } from './chain.ts';

const page = 1_000;

/** Walks the chain from the first entry; also finds entries missing at the end. */
export async function verifyAudit(
  store: AccessStore,
): Promise<{ readonly entries: number; readonly firstWrong: number | null }> {
  // Read first: entries that are added meanwhile lie behind it and are checked as well.
  const head = await store.auditHead();
  let seq = 0;
  let previous = firstHash;
  let headHash = firstHash;
  for (;;) {
    const rows = await store.auditAfter(seq, page);
    for (const row of rows) {
      const fits = row.seq === seq + 1 && same(row.prevHash, previous) && same(row.hash, hashAudit(row));
      if (!fits) return { entries: seq, firstWrong: seq + 1 };
      seq = row.seq;
      previous = row.hash;
      if (seq === head.seq) headHash = row.hash;
    }
    if (rows.length < page) break;
  }
  if (seq < head.seq) return { entries: seq, firstWrong: seq + 1 };
  return { entries: seq, firstWrong: same(headHash, head.hash) ? null : head.seq };
}

const same = (left: Uint8Array, right: Uint8Array): boolean => Buffer.compare(left, right) === 0;
