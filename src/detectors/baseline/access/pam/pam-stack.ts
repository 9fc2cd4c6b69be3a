import type { CheckContext, ReadFile } from '../../contract.ts';
import { type PamFacts, type PamRule, type PamType, pamReader } from './pam-file.ts';

/** A rule for a module and the file that has it. */
export interface PlacedRule {
  readonly rule: PamRule & { readonly kind: 'module' };
  readonly place: ReadFile<PamFacts>;
}

/** Folders of services, the administrator's first. */
const folders: readonly string[] = ['etc/pam.d', 'usr/lib/pam.d', 'usr/etc/pam.d', 'lib/pam.d'];
const maxDepth = 16;
const maxRules = 5000;
/** Files that one stack is put together from. */
const maxIncludes = 256;

/** Files of PAM that are in force: those of `pam.d` folders, the administrator's before the vendor's, and `pam.conf`. */
export function pamFiles(
  context: CheckContext,
): readonly { readonly service: string; readonly place: ReadFile<PamFacts> }[] {
  const found = new Map<string, ReadFile<PamFacts>>();
  for (const folder of folders) {
    const directory = context.entry(folder);
    if (directory?.type !== 'directory') continue;
    for (const service of context.view.children(directory.path)) {
      const place = context.file(pamReader, `${directory.path}/${service}`);
      if (place !== undefined && !found.has(service)) found.set(service, place);
    }
  }
  const services = [...found].map(([service, place]) => ({ service, place }));
  const single = context.file(pamReader, 'etc/pam.conf');
  // The C library reads it only where there is no folder.
  return single === undefined || services.length > 0 ? services : [{ service: '', place: single }];
}

/** Whether the image has a PAM configuration. */
export function hasPam(context: CheckContext): boolean {
  return pamFiles(context).some(({ place }) => (place.facts?.rules.length ?? 1) > 0);
}

/** The modules of one type that a service goes through, includes followed. */
export function pamStack(context: CheckContext, service: string, type: PamType): readonly PlacedRule[] {
  const rules: PlacedRule[] = [];
  collect(context, service, { type, rules, open: [], left: { files: maxIncludes } });
  return rules;
}

function collect(
  context: CheckContext,
  target: string,
  state: {
    readonly type: PamType;
    readonly rules: PlacedRule[];
    readonly open: readonly string[];
    readonly left: { files: number };
  },
): void {
  const { type, rules, open, left } = state;
  if (open.length >= maxDepth || open.includes(target) || left.files-- <= 0) return;
  const place = fileOf(context, target);
  for (const rule of place?.facts?.rules ?? []) {
    if (rules.length >= maxRules) return;
    if (rule.kind === 'module') {
      if (rule.type === type && place !== undefined) rules.push({ rule, place });
    } else if (rule.type === undefined || rule.type === type) {
      collect(context, rule.target, { type, rules, open: [...open, target], left });
    }
  }
}

function fileOf(context: CheckContext, target: string): ReadFile<PamFacts> | undefined {
  if (target.startsWith('/')) return context.file(pamReader, target.replace(/^\/+/, ''));
  for (const folder of folders) {
    const place = context.file(pamReader, `${folder}/${target}`);
    if (place !== undefined) return place;
  }
  return undefined;
}
