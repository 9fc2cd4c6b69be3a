import { linesOf } from '../../../ecosystems/index.ts';
import type { CheckContext, FactReader } from '../contract.ts';

/** Numbers that a passwd or group file gives names to. */
interface IdFacts {
  readonly ids: readonly number[];
  /** Number of the name `shadow`, where it is there. */
  readonly shadow?: number;
}

/** The numbers of `/etc/passwd` and `/etc/group`; everything else of accounts is another group's business. */
export const idReader: FactReader<IdFacts> = {
  id: 'file-owner-ids',
  version: 1,
  wants: ({ path }) => path === 'etc/passwd' || path === 'etc/group',
  read(bytes) {
    const ids = new Set<number>();
    let shadow: number | undefined;
    for (const line of linesOf(bytes)) {
      const [name, , id] = line.split(':');
      if (id === undefined || !/^\d{1,10}$/.test(id)) continue;
      ids.add(Number(id));
      if (name === 'shadow') shadow = Number(id);
    }
    return { ids: [...ids], ...(shadow !== undefined && { shadow }) };
  },
};

/** Numbers of users or groups; undefined when the image has no such file, or one over the limits. */
export function knownIds(context: CheckContext, file: 'passwd' | 'group'): ReadonlySet<number> | undefined {
  const facts = context.file(idReader, `etc/${file}`)?.facts;
  return facts && new Set(facts.ids);
}

/** Number of the group `shadow`. */
export function shadowGroup(context: CheckContext): number | undefined {
  return context.file(idReader, 'etc/group')?.facts?.shadow;
}
