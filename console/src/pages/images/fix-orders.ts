import type { Schema } from '../../api/client.ts';

type Image = Pick<Schema<'Image'>, 'uuid' | 'counts'>;
type Order = Schema<'FixOrderInput'>;

/** Images of one request (docs/api/native.md). */
const mostOrders = 100;

/** Images that an order to fix everything takes: those with findings of system packages that have a published fix. */
export function fixableImages<I extends Image>(images: readonly I[]): readonly I[] {
  return images.filter(({ counts }) => counts.cve.fixable > 0);
}

/** Orders to fix all that is fixable, in as many requests as are needed. */
export function ordersOf(
  images: readonly Image[],
  strategy: NonNullable<Order['strategy']>,
): readonly (readonly Order[])[] {
  const orders = fixableImages(images).map(({ uuid }): Order => ({ image: uuid, allFixable: true, strategy }));
  const requests = Math.ceil(orders.length / mostOrders);
  return Array.from({ length: requests }, (_, index) => orders.slice(index * mostOrders, (index + 1) * mostOrders));
}
