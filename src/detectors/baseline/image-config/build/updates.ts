import { instructionCheck } from '../../define-check.ts';
import { programOf, type ShellCommand, type ShellScript } from '../../shell/index.ts';
import { byScripts, instructionEvidence } from '../finding.ts';
import { scriptsOf } from '../history/history.ts';
import { type PackageCommand, packageCommand } from './package-managers.ts';

/** IC-008 */
export const updateAlone = instructionCheck({
  id: 'IC-008',
  item: 'update_alone',
  level: 'medium',
  title: { en: 'Package index is updated without an installation', zh: '仅更新软件包索引而未安装' },
  description: {
    en: 'A RUN loads the index of packages and installs nothing after it. The layer is cached: a later RUN installs old versions from an old index.',
    zh: '某条 RUN 只更新软件包索引而未随后安装。该层会被缓存，之后的 RUN 会依据旧索引安装旧版本。',
  },
  advice: {
    en: 'Update and install in one RUN: apt-get update && apt-get install …',
    zh: '在同一条 RUN 中更新并安装：apt-get update && apt-get install …',
  },
  evaluate(context) {
    const evidence = scriptsOf(context).flatMap(({ instruction, script }) =>
      lonelyUpdates(script).map(({ source }) => instructionEvidence(context, instruction, source)),
    );
    return byScripts(context, evidence);
  },
});

/** Updates of an index that nothing uses in the same script. */
function lonelyUpdates({ commands }: ShellScript): ShellCommand[] {
  const waiting = new Map<PackageCommand['manager'], ShellCommand>();
  for (const command of commands) {
    const found = packageCommand(command);
    if (found?.action === 'update') waiting.set(found.manager, command);
    else if (found !== undefined && found.action !== 'other') waiting.delete(found.manager);
  }
  return [...waiting.values()];
}

const distributionUpgrades = new Set(['dist-upgrade', 'full-upgrade', 'dup']);

/** IC-013 */
export const distUpgrade = instructionCheck({
  id: 'IC-013',
  item: 'dist_upgrade',
  level: 'low',
  title: { en: 'The build upgrades the whole distribution', zh: '构建中升级整个发行版' },
  description: {
    en: 'A RUN upgrades all packages and may remove or replace some of them: the result depends on the day of the build, and old files stay in the layers below.',
    zh: '某条 RUN 升级全部软件包，可能移除或替换其中一些：结果取决于构建当天的状态，旧文件仍保留在下层。',
  },
  advice: { en: 'Start from a newer base image.', zh: '使用更新的基础镜像。' },
  evaluate(context) {
    const evidence = scriptsOf(context).flatMap(({ instruction, script }) =>
      script.commands
        .filter(isDistributionUpgrade)
        .map(({ source }) => instructionEvidence(context, instruction, source)),
    );
    return byScripts(context, evidence);
  },
});

function isDistributionUpgrade(command: ShellCommand): boolean {
  return (
    distributionUpgrades.has(packageCommand(command)?.verb ?? '') || programOf(command)?.name === 'do-release-upgrade'
  );
}
