/*
 * A process of its own that works on a store: node test/support/store-child.ts <what> <target as JSON> <name>
 * It writes one line per thing done and, where it ends by itself, exits with 0.
 */

import { writeSync } from 'node:fs';
import { createAccessStore, openVolatileStore } from '../../src/adapters/sql/access/index.ts';
import { type Db, openDatabase, type StoreTarget } from '../../src/adapters/sql/index.ts';
import { actor, volatileTarget } from './access-world.ts';

const [what = '', targetText = '{}', name = ''] = process.argv.slice(2);
const target = JSON.parse(targetText) as StoreTarget;

/** Written at once: what was said before a kill was true. */
const say = (line: string): void => {
  writeSync(1, `${line}\n`);
};

const tasks: Readonly<Record<string, (db: Db) => Promise<void>>> = {
  async open() {
    say('open');
  },
  /** Takes the nonces 0 to 299 and says which ones were free. */
  async nonces() {
    const volatile = await openVolatileStore(volatileTarget(target));
    for (let i = 0; i < 300; i++) {
      const hash = Buffer.alloc(16);
      hash.writeUInt32BE(i);
      if (await volatile.takeNonce(hash, 1_000, 2_000)) say(String(i));
    }
    await volatile.close();
  },
  /** Records 150 audit entries, several at a time. */
  async audit(db) {
    const store = createAccessStore(db);
    for (let i = 0; i < 30; i++) {
      const entries = Array.from({ length: 5 }, (_, j) => ({
        actor: actor(name),
        action: 'test',
        object: `${name}:${i}:${j}`,
        projectId: null,
        detail: {},
      }));
      await Promise.all(entries.map((entry) => store.record(entry)));
    }
  },
  /** Adds projects in pairs, with an audit entry in the same transaction, until it is killed. */
  async pairs(db) {
    const store = createAccessStore(db);
    for (let i = 0; ; i++) {
      await store.write(async (writer) => {
        for (const half of ['a', 'b'])
          await writer.addProject({ name: `${name}-${i}-${half}`, extId: `${name}-${i}-${half}` }, 1);
        await writer.audit({ actor: actor(name), action: 'pair', object: `${i}`, projectId: null, detail: {} });
      });
      say(String(i));
    }
  },
  /** Raises one counter 200 times, by reading and writing it. */
  async increments(db) {
    for (let i = 0; i < 200; i++) {
      await db.transaction(async (trx) => {
        let read = trx.selectFrom('id_block').select('next').where('name', '=', 'shared');
        if (db.dialect === 'postgres') read = read.forUpdate();
        const { next } = await read.executeTakeFirstOrThrow();
        await trx
          .updateTable('id_block')
          .set({ next: next + 1 })
          .where('name', '=', 'shared')
          .execute();
      });
    }
  },
};

const task = tasks[what];
if (task === undefined) throw new Error(`unknown task ${what}`);
const db = await openDatabase(target);
await task(db);
await db.close();
