import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sql } from 'kysely';
import { migrations } from '../../src/adapters/sql/migrations/index.ts';
import { migrate } from '../../src/adapters/sql/migrations/migrate.ts';
import { noRisks } from '../../src/findings/index.ts';
import { forEachDatabase } from '../support/databases.ts';
import { factsWorld, toyDigest } from '../support/facts-world.ts';
import { failedCheck } from '../support/risk-samples.ts';

/** Tables that came after 0008. */
const later = ['fix_plan', 'daily_count', 'image_config'];

forEachDatabase('a store from before there were risks', (open) => {
  test('keeps what it has, and takes risks in with the next scan', async (t) => {
    const { db } = await open(t);
    const world = await factsWorld(db);
    const image = { number: 1, release: '12', packages: [] };
    await world.scan(image);
    // Back to what 0007 made: the tables and columns of 0008 and later are gone, everything else is there.
    for (const table of ['risk', 'risk_set', 'image_risk', 'risk_ref', 'scan_choice', ...later]) {
      await sql`DROP TABLE ${sql.table(table)}`.execute(db.kysely);
    }
    for (const kind of ['base', 'inst', 'mal', 'sens']) {
      for (const level of ['h', 'm', 'l']) {
        await sql`ALTER TABLE image_counts DROP COLUMN ${sql.ref(`${kind}_${level}`)}`.execute(db.kysely);
      }
    }
    for (const column of ['verdict', 'conditions']) {
      await sql`ALTER TABLE rule DROP COLUMN ${sql.ref(column)}`.execute(db.kysely);
    }
    await db.kysely.deleteFrom('schema_version').where('version', '>=', 8).execute();

    await migrate(db, migrations.slice(0, 8));
    const [manifest] = await world.inventory.findImages({ digest: toyDigest(1) }, 1);
    const manifestId = manifest?.manifestId ?? assert.fail();
    assert.deepEqual((await world.store.riskTallies([manifestId])).get(manifestId), noRisks);
    assert.deepEqual((await world.store.image(manifestId))?.risks, []);
    await world.scan({ ...image, risks: [failedCheck('ID-001')] });
    assert.deepEqual((await world.store.image(manifestId))?.risks, [failedCheck('ID-001')]);
    assert.deepEqual((await world.store.checkCounts()).differences, []);
  });
});
