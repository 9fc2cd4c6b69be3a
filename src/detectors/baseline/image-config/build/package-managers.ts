import { type Program, programOf, type ShellCommand } from '../../shell/index.ts';

/** What a command of a package manager does; `other` is anything that installs and updates nothing. */
export interface PackageCommand {
  readonly manager: 'apt' | 'apk' | 'dnf' | 'zypper' | 'pacman';
  readonly program: string;
  readonly action: 'update' | 'install' | 'upgrade' | 'other';
  /** The action as written: `dist-upgrade`. */
  readonly verb: string;
  readonly options: readonly string[];
}

const managers: Readonly<Record<string, PackageCommand['manager']>> = {
  apt: 'apt',
  'apt-get': 'apt',
  aptitude: 'apt',
  apk: 'apk',
  yum: 'dnf',
  dnf: 'dnf',
  dnf5: 'dnf',
  microdnf: 'dnf',
  tdnf: 'dnf',
  zypper: 'zypper',
  pacman: 'pacman',
};

type Actions = Readonly<Record<string, PackageCommand['action']>>;

const aptActions: Actions = {
  ...{ update: 'update', install: 'install', reinstall: 'install', 'build-dep': 'install', satisfy: 'install' },
  ...{ upgrade: 'upgrade', 'safe-upgrade': 'upgrade', 'dist-upgrade': 'upgrade', 'full-upgrade': 'upgrade' },
};
const dnfActions: Actions = {
  ...{ makecache: 'update', 'check-update': 'update', install: 'install', localinstall: 'install' },
  ...{ groupinstall: 'install', reinstall: 'install', builddep: 'install', module: 'install', group: 'install' },
  ...{ update: 'upgrade', upgrade: 'upgrade', 'distro-sync': 'upgrade', 'upgrade-minimal': 'upgrade' },
};
const zypperActions: Actions = {
  ...{
    refresh: 'update',
    ref: 'update',
    install: 'install',
    in: 'install',
    'source-install': 'install',
    si: 'install',
  },
  ...{ update: 'upgrade', up: 'upgrade', 'dist-upgrade': 'upgrade', dup: 'upgrade', patch: 'upgrade' },
};
const actions: Readonly<Record<Exclude<PackageCommand['manager'], 'pacman'>, Actions>> = {
  apt: aptActions,
  apk: { update: 'update', add: 'install', fix: 'install', upgrade: 'upgrade' },
  dnf: dnfActions,
  zypper: zypperActions,
};

/** Options whose value is the next word and could be taken for the action. */
const valued = new Set([
  ...['-o', '-c', '-t', '--option', '--config-file', '--target-release', '-X', '--repository', '-p', '--root'],
  ...['--setopt', '--installroot', '--releasever', '--enablerepo', '--disablerepo', '--repo', '-R', '--reposd-dir'],
]);

/** Understands one command; undefined when it is no package manager's. */
export function packageCommand(command: ShellCommand): PackageCommand | undefined {
  const program = programOf(command);
  const manager = program && Object.hasOwn(managers, program.name) ? managers[program.name] : undefined;
  if (program === undefined || manager === undefined) return undefined;
  const { verb, options } = partsOf(program);
  if (manager === 'pacman') return { manager, program: program.name, verb: 'sync', options, action: pacman(program) };
  const known = actions[manager];
  const action = Object.hasOwn(known, verb) ? (known[verb] ?? 'other') : 'other';
  return { manager, program: program.name, action, verb, options };
}

function partsOf({ arguments: words }: Program): { readonly verb: string; readonly options: readonly string[] } {
  const options: string[] = [];
  let verb = '';
  for (let at = 0; at < words.length; at++) {
    const text = words[at]?.text ?? '';
    if (text.startsWith('-')) {
      options.push(text);
      if (valued.has(text)) options.push(words[++at]?.text ?? '');
    } else if (verb === '') verb = text;
  }
  return { verb, options };
}

/** `-Sy` alone loads the index, `-Syu` upgrades, `-S name` installs. */
function pacman({ arguments: words }: Program): PackageCommand['action'] {
  const operation = words.find(({ text }) => /^-[A-Za-z]*S/.test(text) || text === '--sync')?.text ?? '';
  if (operation === '') return 'other';
  if (operation.includes('u') || words.some(({ text }) => text === '--sysupgrade')) return 'upgrade';
  if (words.some(({ text }) => !text.startsWith('-'))) return 'install';
  return operation.includes('y') ? 'update' : 'other';
}
