import { decodeRecord } from '../../../findings/index.ts';
import type { ConfigStore, KeptConfig } from '../../../service/index.ts';
import type { Db } from '../contract.ts';
import { packBody, unpackBody } from '../risks/index.ts';

/** Configurations of images in SQL. */
export function createConfigStore(db: Db): ConfigStore {
  return {
    async config(manifestId) {
      const row = await db.kysely
        .selectFrom('image_config')
        .select('body')
        .where('manifest_id', '=', manifestId)
        .executeTakeFirst();
      return row ? (JSON.parse(unpackBody(row.body)) as KeptConfig) : null;
    },
    async keepConfig(manifestId, config) {
      const body = packBody(JSON.stringify(config));
      await db.transaction(async (trx) => {
        const known = await trx
          .selectFrom('image')
          .select('manifest_id')
          .where('manifest_id', '=', manifestId)
          .execute();
        if (known.length === 0) return;
        await trx
          .insertInto('image_config')
          .values({ manifest_id: manifestId, body })
          .onConflict((conflict) => conflict.column('manifest_id').doUpdateSet({ body }))
          .execute();
      });
    },
    async scannedImage(manifestId) {
      const row = await db.kysely
        .selectFrom('scan_record')
        .select('report')
        .where('manifest_id', '=', manifestId)
        .executeTakeFirst();
      return row ? decodeRecord(row.report).report.image : null;
    },
  };
}
