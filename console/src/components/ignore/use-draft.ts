import { useState } from 'react';
import { $api, type Schema } from '../../api/client.ts';
import { useSession } from '../../api/session.tsx';
import { dayFromNow, type IgnoreDraft, type IgnoreReach, type IgnoreSubject, reachesOf } from './ignore-order.ts';

/** The image that a decision is asked for from. */
export interface IgnorePlace {
  readonly uuid: string;
  /** Path of the repository in its registry. */
  readonly repository: string;
  readonly registryId: number;
  readonly registryName?: string;
  /** `host/repository:tag`, to show. */
  readonly reference?: string;
  readonly projectId?: number;
}

/** An image of the API as a place of a decision. */
export function placeOf(image: Schema<'Image'>): IgnorePlace {
  const { uuid, repository, registry, reference, projectId } = image;
  return { uuid, repository, registryId: registry.id, registryName: registry.name, reference, projectId };
}

/** Projects that the caller may decide in, to choose from. */
export interface IgnoreProjects {
  /** The caller may decide for all of them at once. */
  readonly all: boolean;
  readonly options: readonly { readonly value: string; readonly label: string }[];
}

function useProjects(): IgnoreProjects {
  const { me, may } = useSession();
  const right = me.rights['drydock:decision:write'];
  const { data } = $api.useQuery('get', '/api/v1/projects', {}, { enabled: may('drydock:project:read') });
  const ids = right === 'all' || right === undefined ? (data?.items ?? []).map(({ id }) => id) : right;
  const nameOf = (id: number): string => data?.items.find((project) => project.id === id)?.name ?? `#${id}`;
  return { all: right === 'all', options: ids.map((id) => ({ value: String(id), label: nameOf(id) })) };
}

const usualDays = 90;

/** The choices of the dialog: those that suggest themselves from where the user comes. */
export function useDraft(subject: IgnoreSubject, image: IgnorePlace | undefined, packages: readonly string[]) {
  const projects = useProjects();
  const reaches = reachesOf(subject, image !== undefined).filter((reach) => reach !== 'global' || projects.all);
  const onlyProject = projects.options.length === 1 ? Number(projects.options[0]?.value) : null;
  const [draft, setDraft] = useState<IgnoreDraft>(() => ({
    reach: firstReach(reaches, image, packages),
    // Who may not decide for all projects has to name one with every decision.
    projectId: projects.all ? null : (image?.projectId ?? onlyProject),
    registryId: image?.registryId ?? null,
    repositories: image === undefined ? [] : [image.repository],
    image: image?.uuid ?? null,
    packages: [...packages],
    reason: '',
    end: 'date',
    lastDay: dayFromNow(usualDays),
    verdict: 'whitelisted',
  }));
  const change = (part: Partial<IgnoreDraft>): void =>
    setDraft((old) => {
      const next = { ...old, ...part };
      // A project chosen for the reach "project" does not narrow another reach of somebody who may decide everywhere.
      if (part.reach !== undefined && projects.all) {
        next.projectId = part.reach === 'project' ? (image?.projectId ?? onlyProject) : null;
      }
      return next;
    });
  return { draft, change, reaches, projects };
}

function firstReach(
  reaches: readonly IgnoreReach[],
  image: IgnorePlace | undefined,
  packages: readonly string[],
): IgnoreReach {
  if (image !== undefined) return 'image';
  if (packages.length > 0 && reaches.includes('package') && !reaches.includes('global')) return 'package';
  return reaches[0] ?? 'global';
}
