import { createHash } from 'node:crypto';
import type { AuditEntry } from '../contract.ts';
import type { AuditRow } from '../ports.ts';
import { redact } from './redact.ts';

/** What is stored of an entry before it has its place in the chain. */
export type PendingAudit = Omit<AuditRow, 'seq' | 'prevHash' | 'hash'>;

/** Stands where the first entry has no predecessor. */
export const firstHash: Uint8Array = new Uint8Array(32);

/** An entry as it is stored: redacted, bounded, without control characters. */
export function pendingAudit({ actor, action, object, projectId, detail }: AuditEntry, at: number): PendingAudit {
  return {
    at,
    actor: line(actor.name),
    userId: actor.userId,
    accessKeyId: actor.accessKeyId === null ? null : line(actor.accessKeyId),
    address: actor.address === null ? null : line(actor.address),
    requestId: line(actor.requestId),
    action: line(action),
    object: line(object),
    projectId,
    detail: JSON.stringify(redact(detail) ?? {}),
  };
}

/**
 * The hash of an entry: SHA-256 over the hash of the entry before and a JSON array of its columns in the order of the
 * table, with the detail as its text. Documented in docs/operations/audit.md, so that others can check the chain.
 */
export function hashAudit(row: Omit<AuditRow, 'hash'>): Uint8Array {
  const columns = [
    row.seq,
    row.at,
    row.actor,
    row.userId,
    row.accessKeyId,
    row.address,
    row.requestId,
    row.action,
    row.object,
    row.projectId,
    row.detail,
  ];
  return createHash('sha256').update(row.prevHash).update(JSON.stringify(columns)).digest();
}

function line(text: string): string {
  return text
    .slice(0, 512)
    .toWellFormed()
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, '�');
}
