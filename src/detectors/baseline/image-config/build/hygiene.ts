import type { RiskEvidence } from '../../../contract.ts';
import type { CheckContext } from '../../contract.ts';
import { instructionCheck } from '../../define-check.ts';
import { failIf, notApplicable } from '../../outcome.ts';
import { programOf, type ShellCommand } from '../../shell/index.ts';
import { instructionEvidence } from '../finding.ts';
import { historyOf, type Instruction, type RunScript, scriptsOf } from '../history/history.ts';
import { packageCommand } from './package-managers.ts';

/** IC-024 */
export const instructionHygiene = instructionCheck({
  id: 'IC-024',
  item: 'instruction_hygiene',
  level: 'low',
  title: { en: 'Instructions that do nothing or surprise', zh: '构建指令不规范' },
  description: {
    en: 'Above the base: MAINTAINER, a repeated CMD, ENTRYPOINT or HEALTHCHECK of which only the last counts, a RUN that only changes the directory, both wget and curl, apt-get install without -y or --no-install-recommends.',
    zh: '基础镜像之上存在：MAINTAINER；重复的 CMD、ENTRYPOINT 或 HEALTHCHECK（仅最后一条生效）；仅切换目录的 RUN；同时使用 wget 和 curl；apt-get install 缺少 -y 或 --no-install-recommends。',
  },
  advice: { en: 'Tidy the Dockerfile.', zh: '整理 Dockerfile。' },
  evaluate(context) {
    const history = historyOf(context);
    if (!history.useful) return notApplicable('The history does not tell how the image was built.');
    const own = history.instructions.filter(({ inBase }) => !inBase);
    const scripts = scriptsOf(context).filter(({ instruction }) => !instruction.inBase);
    return failIf([
      ...own
        .filter(({ keyword }) => keyword === 'MAINTAINER')
        .map((instruction) => instructionEvidence(context, instruction, instruction.written)),
      ...repeated(context, own),
      ...bareDirectoryChanges(context, scripts),
      ...bothDownloaders(context, scripts),
      ...carelessInstalls(context, scripts),
    ]);
  },
});

/** Only where the base is known: else the first of two may well be the base's. */
function repeated(context: CheckContext, own: readonly Instruction[]): RiskEvidence[] {
  if (context.layers.every(({ base }) => base === null)) return [];
  return ['CMD', 'ENTRYPOINT', 'HEALTHCHECK'].flatMap((keyword) =>
    own
      .filter((instruction) => instruction.keyword === keyword)
      .slice(0, -1)
      .map((instruction) => instructionEvidence(context, instruction, instruction.written)),
  );
}

function bareDirectoryChanges(context: CheckContext, scripts: readonly RunScript[]): RiskEvidence[] {
  return scripts
    .filter(({ script: { commands } }) => {
      return commands.length > 0 && commands.every((command) => programOf(command)?.name === 'cd');
    })
    .map(({ instruction }) => instructionEvidence(context, instruction, instruction.text));
}

function bothDownloaders(context: CheckContext, scripts: readonly RunScript[]): RiskEvidence[] {
  const first = (name: string): RiskEvidence[] => {
    for (const { instruction, script } of scripts) {
      const used = script.commands.find((command) => programOf(command)?.name === name);
      if (used !== undefined) return [instructionEvidence(context, instruction, used.source)];
    }
    return [];
  };
  const [wget, curl] = [first('wget'), first('curl')];
  return wget.length > 0 && curl.length > 0 ? [...wget, ...curl] : [];
}

function carelessInstalls(context: CheckContext, scripts: readonly RunScript[]): RiskEvidence[] {
  return scripts.flatMap(({ instruction, script }) =>
    script.commands.filter(isCareless).map(({ source }) => instructionEvidence(context, instruction, source)),
  );
}

function isCareless(command: ShellCommand): boolean {
  const found = packageCommand(command);
  if (found?.program !== 'apt-get' || found.action !== 'install') return false;
  const { options } = found;
  const agrees = options.some((option) => /^(?:-[a-zA-Z]*(?:y|qq)[a-zA-Z]*|--yes|--assume-yes)$/.test(option));
  const lean = options.some((option) => {
    return option === '--no-install-recommends' || /Install-Recommends="?(?:false|0|no)/i.test(option);
  });
  return !agrees || !lean;
}
