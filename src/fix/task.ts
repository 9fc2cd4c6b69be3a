import type { FixReport, FixStage } from '../findings/index.ts';
import type { FixDeps, FixLease, FixRecord, PartRecord } from './contract.ts';
import { FixError } from './errors.ts';
import { arrowPoint, arrows, type DurableEffect, effectPoint } from './machine.ts';

/** What a task uses of the world. */
export type TaskDeps = Pick<FixDeps, 'clock' | 'progress' | 'faultPoint'> & {
  readonly journal: Pick<FixDeps['journal'], 'write'>;
};

/**
 * One running task: its durable record, the lease that lets it write, and the fault points. Every change of the
 * record goes through here, so none can be forgotten or written by a task that lost its lease.
 */
export class FixTask {
  #record: FixRecord;
  readonly #lease: FixLease;
  readonly #deps: TaskDeps;

  constructor(record: FixRecord, lease: FixLease, deps: TaskDeps) {
    this.#record = record;
    this.#lease = lease;
    this.#deps = deps;
  }

  get record(): FixRecord {
    return this.#record;
  }

  /** Moves along one arrow; a resumed task that is already there or further stays where it is. */
  async advance(to: FixStage, change: Partial<FixRecord> = {}): Promise<void> {
    const from = this.#record.stage;
    if (from === to) return this.update(change);
    if (!arrows[from].includes(to)) {
      if (reaches(to, from)) return this.update(change);
      throw new FixError('internal', `a fix task cannot go from ${from} to ${to}`);
    }
    await this.#fault(arrowPoint(from, to, 'before'));
    await this.update({
      ...change,
      stage: to,
      transitions: [...this.#record.transitions, { from, to, at: this.#deps.clock.now().toISOString() }],
    });
    await this.#fault(arrowPoint(from, to, 'after'));
    this.#deps.progress({ kind: 'stage', stage: to });
  }

  /** Ends the task; nothing changes it any more. */
  async finish(stage: FixStage, report: FixReport): Promise<void> {
    if (this.#record.terminal) throw new FixError('internal', 'the task has already ended');
    await this.advance(stage, { terminal: true, report });
  }

  /** Writes a change of the record that is no transition. */
  async update(change: Partial<FixRecord>): Promise<void> {
    if (Object.keys(change).length === 0) return;
    await this.assertHeld();
    this.#record = { ...this.#record, ...change };
    await this.#deps.journal.write(this.#record);
  }

  /** Writes a change of one platform's part. */
  async updatePart(platform: string, change: Partial<PartRecord>): Promise<void> {
    const parts = this.#record.parts.map((part) => (part.platform === platform ? { ...part, ...change } : part));
    await this.update({ parts });
  }

  /** The part of one platform. @throws FixError `internal` when the task has none */
  part(platform: string): PartRecord {
    const part = this.#record.parts.find((candidate) => candidate.platform === platform);
    if (!part) throw new FixError('internal', `the task has no part for ${platform}`);
    return part;
  }

  /** Does something that stays, between its two fault points; the lease is asked for last, however long it took to get there. */
  async effect<T>(name: DurableEffect, work: () => Promise<T>): Promise<T> {
    await this.#fault(effectPoint(name, 'before'));
    await this.assertHeld();
    const result = await work();
    await this.#fault(effectPoint(name, 'after'));
    return result;
  }

  /** @throws FixError `lease_lost` */
  async assertHeld(): Promise<void> {
    if (await this.#lease.held()) return;
    throw new FixError('lease_lost', `another process took over the work on tag ${this.#record.target.tag}`, {
      retryable: true,
    });
  }

  async #fault(point: string): Promise<void> {
    await this.#deps.faultPoint?.(point);
  }
}

/** Whether `later` lies behind `earlier` on the way to promotion. */
function reaches(earlier: FixStage, later: FixStage): boolean {
  const way: readonly FixStage[] = ['queued', 'planned', 'fetching', 'building', 'pushing', 'verifying', 'promoted'];
  return way.includes(earlier) && way.indexOf(later) > way.indexOf(earlier);
}
