import type { Schema } from '../../api/client.ts';

type Order = Schema<'FixOrderInput'>;

/** What to do when something of an order cannot be fixed. */
export type Strategy = NonNullable<Order['strategy']>;

/** What the address asks to be planned. */
export interface AskedFix {
  readonly records: string;
  readonly vulns: string;
  readonly strategy: string;
}

function listIn(text: string): readonly string[] {
  return [...new Set(text.split(',').map((part) => part.trim()))].filter((part) => part !== '');
}

/**
 * The order that an address asks a plan for. Who names ids gets all of them or nothing, who takes everything gets what can
 * be done, unless the address says otherwise.
 */
export function orderOf(image: string, { records, vulns, strategy }: AskedFix): Order {
  const ids = listIn(records).filter((id) => /^[1-9]\d{0,14}$/.test(id));
  const named = listIn(vulns);
  const chosen: Strategy | null = strategy === 'best-effort' || strategy === 'all-or-nothing' ? strategy : null;
  if (ids.length > 0) return { image, records: ids.map(Number), strategy: chosen ?? 'all-or-nothing' };
  if (named.length > 0) return { image, vulnerabilities: [...named], strategy: chosen ?? 'all-or-nothing' };
  return { image, allFixable: true, strategy: chosen ?? 'best-effort' };
}

/** Why a text cannot be the tag of the result; null when it can. */
export function tagMistake(tag: string, source: string | null): 'tagInvalid' | 'tagReserved' | 'tagSame' | null {
  if (!/^\w[\w.-]{0,127}$/.test(tag)) return 'tagInvalid';
  if (tag.startsWith('drydock-tmp-')) return 'tagReserved';
  return tag === source ? 'tagSame' : null;
}
