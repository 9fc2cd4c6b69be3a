import type { RiskEvidence, RiskLevel } from '../../../contract.ts';
import type { CheckContext, ReadFile } from '../../contract.ts';
import { fileCheck } from '../../define-check.ts';
import { failIf, notApplicable, unknown, worst } from '../../outcome.ts';
import { compareWithPackages } from '../checksums/modified.ts';
import { modeText } from '../file-evidence.ts';
import type { JobFacts } from './reader.ts';
import { jobReader } from './reader.ts';

interface Problem {
  readonly evidence: RiskEvidence;
  readonly level: RiskLevel;
}

function* problemsOf(context: CheckContext, file: ReadFile<JobFacts>): Generator<Problem> {
  const { jobs = [], kind } = file.facts ?? {};
  const isOwned =
    context.owners.ownerOf(file.path) !== undefined && !compareWithPackages(context).modified.has(file.path);
  // Packages bring units for programs of others, which systemd passes over.
  const mayMiss = kind === 'unit' && isOwned;
  const itself = context.view.entry(file.path);
  if (kind === 'script' && itself !== undefined && (itself.mode & 0o002) !== 0) {
    yield {
      evidence: context.evidence(file, { excerpt: `${modeText(itself)}: everybody may write it` }),
      level: 'medium',
    };
  }
  for (const { line, programs, guarded, fetches } of jobs) {
    if (fetches && !mayMiss) {
      yield { evidence: context.evidence(file, { line, excerpt: 'downloads and executes' }), level: 'high' };
    }
    for (const program of programs) {
      const entry = context.entry(program.slice(1));
      if (entry === undefined) {
        if (guarded || mayMiss) continue;
        yield { evidence: context.evidence(file, { line, excerpt: `${program} is missing` }), level: 'medium' };
      } else if ((entry.mode & 0o002) !== 0 && entry.content !== undefined) {
        const excerpt = `${program} ${modeText(entry)}: everybody may write it`;
        yield { evidence: context.evidence(file, { line, excerpt }), level: 'medium' };
      }
    }
  }
}

/** FS-009. */
export const scheduledJobs = fileCheck({
  id: 'FS-009',
  item: 'scheduled_job',
  level: 'high',
  title: { en: 'Scheduled jobs that others control', zh: '存在可被利用的计划任务' },
  description: {
    en: 'cron, at or systemd starts a program that is missing or that everybody may write, or downloads something and runs it: whoever puts it there runs commands, mostly as root.',
    zh: 'cron、at 或 systemd 会启动不存在或任何人可写的程序，或下载并执行内容：能放置该内容的人即可执行命令，通常以 root 身份。',
  },
  advice: {
    en: 'Remove the job, or let it start programs of the image that only root may write.',
    zh: '删除该任务，或只启动镜像内仅 root 可写的程序。',
  },
  evaluate(context) {
    const files = context.files(jobReader);
    if (files.length === 0) return notApplicable('there are no scheduled jobs');
    const problems = files.flatMap((file) => [...problemsOf(context, file)]);
    const level = worst(problems.map((problem) => problem.level));
    if (level !== undefined) {
      return failIf(
        problems.map(({ evidence }) => evidence),
        { level },
      );
    }
    const unread = files.find(
      ({ facts }) => facts === undefined || facts.tooMany === true || facts.jobs.some(({ tooMany }) => tooMany),
    );
    return unread === undefined ? failIf([]) : unknown('too_large', `${unread.path} is over the limits`);
  },
});
