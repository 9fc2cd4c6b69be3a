import type { Schema } from '../../../api/client.ts';

type Image = Schema<'Image'>;
type Change = Schema<'DecisionChangePage'>['items'][number];

/** Something that happened to an image. */
export type Happening =
  | { readonly kind: 'scan'; readonly at: string; readonly state: string; readonly reason: string | null }
  | { readonly kind: 'fix'; readonly at: string; readonly fix: Schema<'Fix'>; readonly end: boolean }
  | {
      readonly kind: 'tag';
      readonly at: string;
      readonly tag: string;
      readonly digest: string | null;
      readonly source: string;
      readonly actor: string | null;
    }
  | { readonly kind: 'decision'; readonly at: string; readonly change: Change };

interface Sources {
  readonly fixes: readonly Schema<'Fix'>[];
  readonly tags: readonly {
    readonly tag: string;
    readonly digest: string | null;
    readonly at: string;
    readonly source: string;
    readonly actor: string | null;
  }[];
  readonly changes: readonly Change[];
  /** Ids of decisions that cover findings of the image, wherever they hold. */
  readonly inForce: ReadonlySet<number>;
}

/** Whether a decision is made for this image: its uuid, repository or registry is named. Those for everything are not. */
export function speaksOf(
  image: Pick<Image, 'uuid' | 'repository' | 'registry' | 'digest'>,
  { decision }: Change,
): boolean {
  const { scope } = decision;
  switch (scope.kind) {
    case 'images':
      return scope.uuids.includes(image.uuid);
    case 'repositories':
      return scope.paths.includes(image.repository);
    case 'registries':
      return scope.ids.includes(image.registry.id);
    case 'products':
      return scope.digest === image.digest;
    default:
      return false;
  }
}

/** Everything that happened to an image, newest first. */
export function timelineOf(image: Image, { fixes, tags, changes, inForce }: Sources): readonly Happening[] {
  const { finishedAt, state, reason } = image.scan;
  const happenings: Happening[] = [
    ...(finishedAt === null ? [] : [{ kind: 'scan' as const, at: finishedAt, state, reason: reason?.message ?? null }]),
    ...fixes.flatMap((fix): Happening[] => [
      { kind: 'fix', at: fix.createdAt, fix, end: false },
      ...(fix.finishedAt === null ? [] : [{ kind: 'fix' as const, at: fix.finishedAt, fix, end: true }]),
    ]),
    ...tags.map((event): Happening => ({ kind: 'tag', ...event })),
    ...changes
      .filter((change) => inForce.has(change.decision.id) || speaksOf(image, change))
      .map((change): Happening => ({ kind: 'decision', at: change.at, change })),
  ];
  return happenings.sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}
