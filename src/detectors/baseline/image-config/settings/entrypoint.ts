import { baseName, type ViewEntry } from '../../../../image/index.ts';
import type { RiskEvidence } from '../../../contract.ts';
import type { CheckContext } from '../../contract.ts';
import { configCheck } from '../../define-check.ts';
import { failIf, notApplicable, unknown } from '../../outcome.ts';
import { commandString, isShell, parseScript, programOf } from '../../shell/index.ts';
import { type RunUser, runUser } from './accounts.ts';
import { scriptReader } from './scripts.ts';
import { findProgram } from './search-path.ts';

/** IC-021 */
export const writableEntrypoint = configCheck({
  id: 'IC-021',
  item: 'writable_entrypoint',
  level: 'medium',
  title: { en: 'The process may rewrite its own program', zh: '运行用户可改写入口程序' },
  description: {
    en: 'The file that the container starts, or the interpreter of it, may be written by the user that it runs as, by a group of that user or by everybody: who breaks in stays after a restart.',
    zh: '容器启动的文件或其解释器可被运行用户、其所属组或任何人写入：攻击者可在重启后继续驻留。',
  },
  advice: { en: 'Give the file to root with mode 0755.', zh: '将文件属主设为 root，权限设为 0755。' },
  evaluate(context) {
    const { entrypoint, cmd } = context.image.settings;
    if (entrypoint.length + cmd.length === 0) return notApplicable('The image starts nothing by itself.');
    const user = runUser(context);
    if (user.kind === 'unreadable') return unknown('too_large', '/etc/passwd is larger than what is read.');
    if (user.kind === 'missing') return unknown('no_such_user', 'The image has no account of the name it runs as.');
    if (user.uid === 0) return notApplicable('The image runs as root, which may write everything.');
    const programs = startedPrograms(context);
    if (programs.length === 0) return unknown('no_such_file', 'The program that the container starts was not found.');
    return failIf(programs.filter((entry) => mayWrite(user, entry)).map((entry) => toEvidence(context, entry)));
  },
});

/** The programs behind Entrypoint[0] and Cmd[0], what a shell in their place runs, and their interpreters. */
function startedPrograms(context: CheckContext): readonly ViewEntry[] {
  const { entrypoint, cmd } = context.image.settings;
  const found = new Map<string, ViewEntry>();
  for (const command of [entrypoint, cmd]) {
    for (const name of [command[0] ?? '', ...shellPrograms(command)]) {
      for (const entry of withInterpreters(context, name)) found.set(entry.path, entry);
    }
  }
  return [...found.values()];
}

/** `["/bin/sh", "-c", "exec app"]` starts `app`. */
function shellPrograms(command: readonly string[]): readonly string[] {
  if (!isShell(baseName(command[0] ?? ''))) return [];
  const given = commandString(command.slice(1).map((text) => ({ text, inner: null })));
  const [first] = given === undefined ? [] : parseScript(given.text).commands;
  const name = first && programOf(first)?.name;
  // With the path, where it was written with one.
  return name === undefined ? [] : [first?.words.find(({ text }) => baseName(text) === name)?.text ?? name];
}

/** Scripts that start scripts; kernels stop sooner. */
const maxInterpreters = 5;

function withInterpreters(context: CheckContext, name: string): readonly ViewEntry[] {
  const found: ViewEntry[] = [];
  let next = name;
  for (let step = 0; step < maxInterpreters && next !== ''; step++) {
    const entry = findProgram(context, next);
    if (entry?.content === undefined) break;
    found.push(entry);
    const script = context.file(scriptReader, entry.path)?.facts;
    if (script === undefined) break;
    next = script.interpreter;
    if (baseName(next) === 'env') {
      // `#!/usr/bin/env python3`
      const env = findProgram(context, next);
      if (env !== undefined) found.push(env);
      next = script.argument;
    }
  }
  return found;
}

function mayWrite(user: RunUser & { kind: 'known' }, { mode, uid, gid }: ViewEntry): boolean {
  if (uid === user.uid) return (mode & 0o200) !== 0;
  return (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && user.groups.has(gid));
}

function toEvidence(context: CheckContext, { path, content, mode, uid, gid }: ViewEntry): RiskEvidence {
  const excerpt = `mode ${mode.toString(8).padStart(4, '0')}, owner ${uid}:${gid}`;
  return context.evidence({ path, layer: content?.layer ?? 0 }, { excerpt });
}
