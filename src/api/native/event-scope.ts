import type { OutboxEvent } from '../../jobs/index.ts';
import type { Call } from '../../service/index.ts';

/**
 * An event as a caller may see it; null = not at all. Events of the installation are for those who may see all projects.
 * Where such an event counts `images` by project, others see the counts of their own projects, and nothing that is summed
 * over all (`opened`, `closed`); without an image of theirs there is no event for them.
 */
export function eventFor({ projects }: Pick<Call, 'projects'>, event: OutboxEvent): OutboxEvent | null {
  if (projects === 'all') return event;
  if (event.projectId !== null) return projects.includes(event.projectId) ? event : null;
  const { vulnerability, images } = (event.payload ?? {}) as { vulnerability?: unknown; images?: unknown };
  if (typeof vulnerability !== 'string' || typeof images !== 'object' || images === null) return null;
  const own = Object.entries(images).filter(([id, count]) => count > 0 && projects.includes(Number(id)));
  return own.length === 0 ? null : { ...event, payload: { vulnerability, images: Object.fromEntries(own) } };
}
