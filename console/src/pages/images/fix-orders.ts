import type { Schema } from '../../api/client.ts';
import type { FixStrategy } from '../../components/fix/strategies.ts';

type Image = Pick<Schema<'Image'>, 'uuid' | 'counts'>;

/** Images that an order to fix everything takes: those with findings of system packages that have a published fix. */
export function fixableImages<I extends Image>(images: readonly I[]): readonly I[] {
  return images.filter(({ counts }) => counts.cve.fixable > 0);
}

/** Orders to fix all that is fixable. */
export function ordersOf(images: readonly Image[], strategy: FixStrategy): readonly Schema<'FixOrderInput'>[] {
  return fixableImages(images).map(({ uuid }) => ({ image: uuid, allFixable: true, strategy }));
}
