import type { Kysely } from 'kysely';
import { type ImageFacts, storable } from '../../../findings/index.ts';
import { isDigest } from '../../../image/index.ts';
import { digestBytes } from '../digest-bytes.ts';
import { touchImages } from '../inventory/images.ts';
import type { Tables } from '../tables.ts';

type Trx = Kysely<Tables>;

/** Id of an image's manifest; null when it is no image of the inventory. */
export async function findManifest(trx: Trx, digest: string): Promise<number | null> {
  if (!isDigest(digest)) return null;
  const row = await trx
    .selectFrom('manifest')
    .innerJoin('image', 'image.manifest_id', 'manifest.id')
    .select('manifest.id')
    .where('manifest.digest', '=', digestBytes(digest))
    .executeTakeFirst();
  return row?.id ?? null;
}

/** Writes the outcome of a scan to the inventory, so that indexes in memory read the image again. */
export async function saveScan(
  trx: Trx,
  manifestId: number,
  image: ImageFacts['image'],
  analysers: number,
): Promise<void> {
  const { configDigest, createdAt, size, scanState, reason, distribution, scannedAt } = image;
  const text = (value: string | null | undefined): string | null => (value == null ? null : storable(value));
  await trx
    .updateTable('image')
    .set((eb) => ({
      ...(isDigest(configDigest) && { config_digest: digestBytes(configDigest) }),
      ...{ os: text(image.os), arch: text(image.arch), variant: text(image.variant) },
      ...{ created_at: createdAt, size, scan_state: scanState, scanned_at: scannedAt, analyser_gen: analysers },
      ...{ scan_code: text(reason?.code), scan_message: text(reason?.message) },
      first_scanned_at: eb.fn.coalesce('first_scanned_at', eb.val(scannedAt)),
      ...{
        os_id: text(distribution?.id),
        os_version: text(distribution?.versionId),
        os_name: text(distribution?.name),
      },
    }))
    .where('manifest_id', '=', manifestId)
    .execute();
  await touchImages(trx, [manifestId]);
}
