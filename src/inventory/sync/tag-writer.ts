import { setTimeout as gathering } from 'node:timers/promises';
import type { TagStore } from '../ports.ts';
import type { TagBatch, TagChanges } from './contract.ts';

/** How long a write waits for company. */
const gatherMs = 20;

interface Waiting {
  readonly batch: TagBatch;
  readonly resolve: (changes: TagChanges) => void;
  readonly reject: (error: unknown) => void;
}

const nothing: TagChanges = { opened: [], unscanned: [], closed: 0 };

/**
 * Writes the tags of many repositories with few transactions: what comes while one is under way goes into the next. Each
 * transaction costs a wait for the disk, and a registry can have very many repositories of one tag.
 */
export function createTagWriter(store: Pick<TagStore, 'applyAll'>): TagStore['applyTags'] {
  let waiting: Waiting[] = [];
  let busy = false;
  const write = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) {
      await gathering(gatherMs);
      const group = waiting;
      waiting = [];
      try {
        const changes = await store.applyAll(group.map(({ batch }) => batch));
        for (const [at, { resolve }] of group.entries()) resolve(changes[at] ?? nothing);
      } catch (error) {
        for (const { reject } of group) reject(error);
      }
    }
    busy = false;
  };
  return (repositoryId, observations, origin) =>
    new Promise((resolve, reject) => {
      waiting.push({ batch: { repositoryId, observations, origin }, resolve, reject });
      if (!busy) void write();
    });
}
