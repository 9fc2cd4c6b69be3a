import { baseName, joinPath } from '../../../../image/index.ts';
import type { RiskEvidence } from '../../../contract.ts';
import type { CheckContext, ReadFile } from '../../contract.ts';
import { fileCheck } from '../../define-check.ts';
import { failIf, notApplicable, unknown } from '../../outcome.ts';
import { entryEvidence, modeText } from '../file-evidence.ts';
import type { SudoCommand, SudoRule } from './grammar.ts';
import { type SudoersFacts, sudoersReader } from './reader.ts';

/** Files and nesting of includes (risks.md §6). */
const includeLimits = { files: 256, depth: 16 };

interface Loaded {
  readonly files: readonly ReadFile<SudoersFacts>[];
  /** Directories whose files are read. */
  readonly directories: readonly string[];
  /** Files that are named and could not be read. */
  readonly unread: readonly string[];
}

/** The files that sudo reads, in its order. */
function load(context: CheckContext): Loaded {
  const files = new Map<string, ReadFile<SudoersFacts>>();
  const directories = new Set<string>();
  const unread: string[] = [];
  const read = (path: string, depth: number): void => {
    const file = context.file(sudoersReader, path);
    const isThere = context.entry(path)?.content !== undefined;
    const over = depth > includeLimits.depth || files.size >= includeLimits.files;
    if (over || file?.facts === undefined || file.facts.tooMany) {
      if (isThere || over) unread.push(path);
      if (file === undefined || over) return;
    }
    if (files.has(file.path)) return;
    files.set(file.path, file);
    for (const include of file.facts?.includes ?? []) {
      // %h stands for the host's name, which an image has not.
      const target = include.path.replaceAll('%h', 'localhost').replace(/^\//, '');
      const absolute = include.path.startsWith('/') ? target : joinPath('etc', target);
      if (!include.directory) {
        read(absolute, depth + 1);
        continue;
      }
      const directory = context.entry(absolute);
      if (directory?.type !== 'directory') continue;
      directories.add(directory.path);
      for (const name of context.view.children(directory.path)) {
        if (!name.includes('.') && !name.endsWith('~')) read(joinPath(directory.path, name), depth + 1);
      }
    }
  };
  read('etc/sudoers', 0);
  return { files: [...files.values()], directories: [...directories], unread };
}

/** Root, and the groups that are for administrators. */
const administrators = new Set(['root', '#0', '%root', '%#0', '%sudo', '%admin', '%wheel']);

/** Aliases of all files, members put in; a member `!x` is left out. */
class Aliases {
  readonly #all = new Map<string, readonly string[]>();

  constructor(files: readonly ReadFile<SudoersFacts>[]) {
    for (const { facts } of files) {
      for (const [name, members] of Object.entries(facts?.aliases ?? {})) this.#all.set(name, members);
    }
  }

  /** What a word of a list stands for. Cycles are cut; each alias is put in once. */
  members(kind: 'User_Alias' | 'Cmnd_Alias', word: string): ReadonlySet<string> {
    const found = new Set<string>();
    const seen = new Set<string>();
    const open = [word];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const inside = this.#all.get(`${kind} ${next}`);
      if (inside === undefined) found.add(next);
      else if (!seen.has(next)) {
        seen.add(next);
        open.push(...inside.filter((member) => !member.startsWith('!')));
      }
    }
    return found;
  }
}

/** A star, question mark or bracket that is not escaped, or a regular expression that lets anything through. */
const wildcard = /(^|[^\\])(\\\\)*[*?[]/;

function problemsOf(rule: SudoRule, command: SudoCommand, aliases: Aliases): string[] {
  const users = rule.users.flatMap((user) => [...aliases.members('User_Alias', user)]);
  const others = users.filter((user) => !user.startsWith('!') && !administrators.has(user));
  const withoutRoot = users.filter((user) => !['root', '#0'].includes(user));
  const problems: string[] = [];
  if (command.negated) return problems;
  if (command.noPassword && withoutRoot.length > 0) problems.push('NOPASSWD');
  if (others.length === 0) return problems;
  const commands = aliases.members('Cmnd_Alias', command.command);
  if (commands.has('ALL')) problems.push('all commands');
  if ([...commands].some((each) => wildcard.test(each))) problems.push('wildcard');
  return problems;
}

function* evidenceOf(context: CheckContext, { files, directories }: Loaded): Generator<RiskEvidence> {
  const aliases = new Aliases(files);
  for (const file of files) {
    for (const { name, negated, line } of file.facts?.defaults ?? []) {
      if (name === 'authenticate' && negated) yield context.evidence(file, { line, excerpt: 'Defaults !authenticate' });
      if (name === 'visiblepw' && !negated) yield context.evidence(file, { line, excerpt: 'Defaults visiblepw' });
    }
    for (const rule of file.facts?.rules ?? []) {
      const problems = new Set(rule.commands.flatMap((command) => problemsOf(rule, command, aliases)));
      if (problems.size === 0) continue;
      const excerpt = `${rule.users.join(',').slice(0, 100)}: ${[...problems].join(', ')}`;
      yield context.evidence(file, { line: rule.line, excerpt });
    }
  }
  for (const path of directories) {
    const entry = context.view.entry(path);
    const isOpen = entry !== undefined && ((entry.mode & 0o022) !== 0 || entry.uid !== 0);
    if (isOpen) yield entryEvidence(context, entry, `${modeText(entry)}: others may add rules`);
  }
}

/** Whether the image has sudo. */
function hasSudo(context: CheckContext): boolean {
  const places = ['usr/bin/sudo', 'bin/sudo', 'usr/local/bin/sudo', 'usr/sbin/sudo'];
  return places.some((path) => context.entry(path)?.content !== undefined);
}

/** FS-008. */
export const sudoersRules = fileCheck({
  id: 'FS-008',
  item: 'sudoers_rule',
  level: 'high',
  title: { en: 'sudo gives more than it should', zh: 'sudo 规则过于宽松' },
  description: {
    en: 'A rule asks for no password, gives all commands to somebody who is no administrator, or has wildcards that let other commands through: the account is as good as root.',
    zh: '规则免密、将全部命令授予非管理员，或使用可被绕过的通配符：该账号等同于 root。',
  },
  advice: {
    en: 'Name the commands with their arguments, ask for a password, or remove sudo from the image.',
    zh: '写明具体命令及参数、要求输入密码，或从镜像中移除 sudo。',
  },
  evaluate(context) {
    if (!hasSudo(context)) return notApplicable('sudo is not in the image');
    const loaded = load(context);
    const evidence = [...evidenceOf(context, loaded)];
    if (evidence.length > 0) return failIf(evidence);
    const [unread] = loaded.unread;
    if (unread !== undefined) return unknown('unreadable', `${baseName(unread)} could not be read as a whole`);
    return failIf([]);
  },
});
