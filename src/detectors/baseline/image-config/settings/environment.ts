import type { RiskEvidence } from '../../../contract.ts';
import type { CheckContext } from '../../contract.ts';
import { instructionCheck } from '../../define-check.ts';
import { failIf } from '../../outcome.ts';
import { maskedLine } from '../text/masked.ts';
import { environmentValue, isOpenDirectory } from './search-path.ts';

/** Variables that say where programs find other programs, libraries and modules. */
const searchVariables = ['PATH', 'LD_LIBRARY_PATH', 'LD_PRELOAD', 'PYTHONPATH'];

/** IC-023 */
export const dangerousEnvironment = instructionCheck({
  id: 'IC-023',
  item: 'dangerous_env',
  level: 'high',
  title: { en: 'A variable lets others bring in code', zh: '环境变量允许引入外部代码' },
  description: {
    en: 'PATH, LD_PRELOAD, LD_LIBRARY_PATH or PYTHONPATH leads to the working directory or to a directory in which everybody may write: whoever can put a file there is executed. Low where only a debug mode of Flask or Django is on.',
    zh: 'PATH、LD_PRELOAD、LD_LIBRARY_PATH 或 PYTHONPATH 指向当前目录或任何人可写的目录：能在其中放置文件者即可执行代码。若仅开启 Flask 或 Django 的调试模式则为低危。',
  },
  advice: { en: 'Unset the variable or name directories of root only.', zh: '取消该变量，或仅使用 root 所有的目录。' },
  evaluate(context) {
    const dangerous = searchVariables.flatMap((name) => badParts(context, name));
    if (dangerous.length > 0) return failIf([...dangerous, ...debugFlags(context)]);
    return failIf(debugFlags(context), { level: 'low' });
  },
});

function badParts(context: CheckContext, name: string): RiskEvidence[] {
  const value = environmentValue(context, name);
  // An empty variable counts as none, except for PATH.
  if (value === undefined || (value === '' && name !== 'PATH')) return [];
  const preload = name === 'LD_PRELOAD';
  const bad = value.split(preload ? /[: ]/ : ':').some((part) => {
    return preload ? isBadLibrary(context, part) : part === '' || isBadDirectory(context, part);
  });
  return bad ? [context.settingsEvidence('config:Env', maskedLine(`${name}=${value}`))] : [];
}

/** Relative ones are under the working directory, whichever that is. */
function isBadDirectory(context: CheckContext, path: string): boolean {
  return !path.startsWith('/') || isOpenDirectory(context, path);
}

/** A name without a slash is looked for in the directories of the system. */
function isBadLibrary(context: CheckContext, path: string): boolean {
  if (!path.includes('/')) return false;
  const file = context.entry(path);
  if (file !== undefined && (file.mode & 0o002) !== 0) return true;
  return isBadDirectory(context, path.slice(0, path.lastIndexOf('/')) || '/');
}

const debugModes: readonly { readonly entry: RegExp; readonly package?: string }[] = [
  { entry: /^FLASK_DEBUG=(?:1|true|yes|on)$/i },
  { entry: /^FLASK_ENV=development$/i },
  { entry: /^DJANGO_DEBUG=(?:1|true|yes|on)$/i },
  { entry: /^DEBUG=(?:1|true|yes|on)$/i, package: 'django' },
];

function debugFlags(context: CheckContext): RiskEvidence[] {
  return context.image.settings.env
    .filter((text) =>
      debugModes.some(({ entry, package: name }) => {
        return entry.test(text) && (name === undefined || context.hasPackage(name) || context.hasPackage('Django'));
      }),
    )
    .map((text) => context.settingsEvidence('config:Env', text));
}
