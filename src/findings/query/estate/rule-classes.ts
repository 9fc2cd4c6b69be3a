import type { RepositoryRecord } from '../../../inventory/index.ts';
import type { EstateRule } from '../ports.ts';
import type { ImagePart } from './parts.ts';

/** Rules for some images only: images with the same rules are one class. */
export interface RuleClass {
  /** Positions in the list of rules, rising. */
  readonly rules: readonly number[];
}

/** Whether a rule asks nothing of the image. */
export function isEverywhere(rule: EstateRule): boolean {
  const { scope } = rule;
  const anyImage = scope.kind === 'global' || scope.kind === 'packages' || (scope.kind === 'products' && !scope.digest);
  return rule.projectId === null && anyImage;
}

/** Images by the rules of their own, of a list of rules. */
export function classify(
  rules: readonly EstateRule[],
  images: ImagePart,
): { readonly classOf: Int32Array; readonly classes: readonly RuleClass[] } {
  const classOf = new Int32Array(images.count);
  const classes: RuleClass[] = [{ rules: [] }];
  const scoped = [...rules.entries()].filter(([, rule]) => !isEverywhere(rule));
  if (scoped.length === 0) return { classOf, classes };
  const numbers = new Map<string, number>([['', 0]]);
  const numberOf = (positions: readonly number[]): number => {
    const name = positions.join();
    let number = numbers.get(name);
    if (number === undefined) {
      number = classes.push({ rules: positions }) - 1;
      numbers.set(name, number);
    }
    return number;
  };
  const ofImage = rulesOfImages(scoped, images);
  const byRepository = images.repositories.map((repository) =>
    scoped.filter(([, rule]) => !isOfImages(rule) && covers(rule, repository, images)).map(([at]) => at),
  );
  const numberByRepository = byRepository.map(numberOf);
  for (let slot = 0; slot < images.count; slot++) {
    const repository = images.repository[slot] as number;
    const own = ofImage.get(slot);
    classOf[slot] =
      own === undefined
        ? (numberByRepository[repository] as number)
        : numberOf([...(byRepository[repository] as number[]), ...own].sort((a, b) => a - b));
  }
  return { classOf, classes };
}

function rulesOfImages(scoped: readonly (readonly [number, EstateRule])[], images: ImagePart): Map<number, number[]> {
  const found = new Map<number, number[]>();
  const digests = new Set(scoped.flatMap(([, { scope }]) => (scope.kind === 'products' ? (scope.digest ?? []) : [])));
  const byDigest = slotsByDigest(digests, images);
  for (const [position, rule] of scoped) {
    const { scope } = rule;
    const slots =
      scope.kind === 'images'
        ? scope.uuids.map((uuid) => images.byUuid.get(uuid))
        : scope.kind === 'products' && scope.digest !== null
          ? (byDigest.get(scope.digest) ?? [])
          : [];
    for (const slot of slots) {
      if (slot === undefined) continue;
      const project = images.repositories[images.repository[slot] as number]?.projectId;
      if (rule.projectId !== null && rule.projectId !== project) continue;
      const list = found.get(slot);
      if (list === undefined) found.set(slot, [position]);
      else if (list.at(-1) !== position) list.push(position);
    }
  }
  return found;
}

/** Whether a rule names images themselves rather than where they are. */
function isOfImages({ scope }: EstateRule): boolean {
  return scope.kind === 'images' || (scope.kind === 'products' && scope.digest !== null);
}

/** Image slots by the digest of their manifest or index, for the digests that rules name. */
function slotsByDigest(wanted: ReadonlySet<string>, images: ImagePart): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  if (wanted.size === 0) return found;
  for (const name of ['digest', 'indexDigest'] as const) {
    const isWanted = images.rows.digestIn(name, wanted);
    for (let slot = 0; slot < images.count; slot++) {
      if (!isWanted(slot)) continue;
      const digest = images.rows.digest(name, slot) ?? '';
      const slots = found.get(digest);
      if (slots === undefined) found.set(digest, [slot]);
      else slots.push(slot);
    }
  }
  return found;
}

function covers(rule: EstateRule, repository: RepositoryRecord, images: ImagePart): boolean {
  if (rule.projectId !== null && rule.projectId !== repository.projectId) return false;
  const { scope } = rule;
  if (scope.kind === 'repositories') return scope.paths.includes(repository.path);
  if (scope.kind === 'registries') return scope.ids.includes(repository.registryId);
  if (scope.kind === 'registryKinds') {
    const kind = images.registries.get(repository.registryId)?.kind;
    return kind !== undefined && scope.kinds.includes(kind);
  }
  return true;
}
