import { baseName } from '../../../../image/index.ts';
import type { FactReader } from '../../contract.ts';
import { type JobCommand, readCommand } from './commands.ts';

/** One scheduled command and the line where it stands. */
export interface Job extends JobCommand {
  readonly line: number;
}

/** Jobs that are kept of one file. */
export const maxJobs = 1000;

export interface JobFacts {
  readonly kind: 'crontab' | 'script' | 'unit';
  readonly jobs: readonly Job[];
  /** There are more than are kept. */
  readonly tooMany?: true;
}

type Kind = 'system-crontab' | 'user-crontab' | 'script' | 'unit';

const kinds: readonly (readonly [path: RegExp, kind: Kind])[] = [
  [/^etc\/crontab$|^etc\/cron\.d\/[^/]+$/, 'system-crontab'],
  [/^var\/spool\/cron\/(crontabs\/|tabs\/)?[^/]+$|^etc\/crontabs\/[^/]+$/, 'user-crontab'],
  [/^etc\/cron\.(hourly|daily|weekly|monthly|yearly)\/[^/]+$|^etc\/periodic\/[^/]+\/[^/]+$/, 'script'],
  [/^var\/spool\/(at|cron\/atjobs|atjobs)\/[^/]+$/, 'script'],
  [/^(etc|lib|usr\/lib|usr\/local\/lib|run)\/systemd\/(system|user)\/.*\.(service|socket)$/, 'unit'],
];

/** Files that cron passes over. */
const placeholder = /^\.|~$|\.(dpkg-\w+|rpmsave|rpmnew|orig)$/;

function kindOf(path: string): Kind | undefined {
  if (!path.includes('cron') && !path.includes('systemd') && !path.includes('/at') && !path.includes('periodic')) {
    return undefined;
  }
  return placeholder.test(baseName(path)) ? undefined : kinds.find(([pattern]) => pattern.test(path))?.[1];
}

/** Reads what cron, at and systemd start. */
export const jobReader: FactReader<JobFacts> = {
  id: 'scheduled-jobs',
  version: 2,
  wants: ({ path }) => kindOf(path) !== undefined,
  read(bytes, { path }) {
    const text = new TextDecoder().decode(bytes);
    const kind = kindOf(path);
    if (kind === 'script') return { kind, jobs: [{ line: 1, ...scriptCommand(text) }] };
    if (kind === 'unit') return factsOf('unit', unitJobs(text));
    return factsOf('crontab', crontabJobs(text, kind === 'system-crontab'));
  },
};

function factsOf(kind: JobFacts['kind'], jobs: readonly Job[]): JobFacts {
  return jobs.length > maxJobs ? { kind, jobs: jobs.slice(0, maxJobs), tooMany: true } : { kind, jobs };
}

/** What a script starts matters less than what it downloads: its own guards are many. */
function scriptCommand(text: string): JobCommand {
  const code = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n');
  return { ...readCommand(code), programs: [], guarded: true };
}

const times = /^(?:@\w+|(?:\S+\s+){4}\S+)\s+/;

function crontabJobs(text: string, withUser: boolean): Job[] {
  const jobs: Job[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#') || /^[A-Za-z_]\w*\s*=/.test(line)) continue;
    const when = times.exec(line.slice(0, 1000))?.[0];
    if (when === undefined) continue;
    const rest = line.slice(when.length);
    const command = withUser ? rest.replace(/^\S+\s+/, '') : rest;
    // What follows a percent sign is input, not command.
    const end = command.search(/[^\\]%/);
    jobs.push({ line: index + 1, ...readCommand(end < 0 ? command : command.slice(0, end + 1)) });
    if (jobs.length > maxJobs) break;
  }
  return jobs;
}

function unitJobs(text: string): Job[] {
  const jobs: Job[] = [];
  const conditional = /^(Condition|Assert)(Path|File)\w*=/m.test(text);
  const lines = text.split('\n');
  for (let at = 0; at < lines.length && jobs.length <= maxJobs; at++) {
    const line = at + 1;
    let written = lines[at] ?? '';
    const [, key] = /^(Exec(?:Start|StartPre|StartPost|Reload|Stop|StopPost|Condition))\s*=/.exec(written) ?? [];
    if (key === undefined) continue;
    const parts: string[] = [];
    for (; written.endsWith('\\') && at + 1 < lines.length; written = lines[++at] ?? '')
      parts.push(written.slice(0, -1));
    const command = [...parts, written]
      .join(' ')
      .slice(key.length)
      .replace(/^\s*=\s*/, '');
    // `-` lets it fail, the others change with which rights it runs.
    const marks = /^[-@:+!]*/.exec(command)?.[0] ?? '';
    const job = readCommand(command.slice(marks.length));
    jobs.push({ line, ...job, guarded: job.guarded || conditional || marks.includes('-') });
  }
  return jobs;
}
