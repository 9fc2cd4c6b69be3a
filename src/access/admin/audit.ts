import type { AccessAdmin, AuditRecord } from '../admin-contract.ts';
import { verifyAudit } from '../audit/verify-audit.ts';
import type { AuditRow } from '../ports.ts';
import type { AdminDeps } from './deps.ts';

const exportPage = 1_000;
const longestPage = 1_000;

/** Reading, exporting and checking the audit log. */
export function createAuditAdmin({ store }: AdminDeps): Pick<AccessAdmin, 'audit' | 'exportAudit' | 'verifyAudit'> {
  return {
    async audit(query) {
      const limit = Math.max(1, Math.min(longestPage, Math.floor(query.limit)));
      return (await store.auditPage({ ...query, limit })).map(recordOf);
    },
    async *exportAudit() {
      let seq = 0;
      for (;;) {
        const rows = await store.auditAfter(seq, exportPage);
        for (const row of rows) {
          const hashes = { prevHash: hex(row.prevHash), hash: hex(row.hash) };
          yield `${JSON.stringify({ ...recordOf(row), ...hashes })}\n`;
          seq = row.seq;
        }
        if (rows.length < exportPage) return;
      }
    },
    verifyAudit: () => verifyAudit(store),
  };
}

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function recordOf(row: AuditRow): AuditRecord {
  const { userId, accessKeyId, address, requestId } = row;
  return {
    seq: row.seq,
    at: row.at,
    actor: { name: row.actor, userId, accessKeyId, address, requestId },
    action: row.action,
    object: row.object,
    projectId: row.projectId,
    detail: JSON.parse(row.detail) as Record<string, unknown>,
  };
}
