import type { RiskEvidence } from '../../../contract.ts';
import { secretsInText } from '../../../secrets/text.ts';
import type { CheckContext } from '../../contract.ts';
import { instructionCheck } from '../../define-check.ts';
import { failIf } from '../../outcome.ts';
import { instructionEvidence } from '../finding.ts';
import { historyOf } from '../history/history.ts';
import { maskedAround } from '../text/masked.ts';

/** IC-010 */
export const configSecret = instructionCheck({
  id: 'IC-010',
  item: 'config_secret',
  level: 'high',
  title: { en: 'A secret is written into the image config', zh: '镜像配置中包含敏感信息' },
  description: {
    en: 'A variable, label, command, build argument or instruction holds a password, token or key. Everybody who can pull the image can read it, also after it was overwritten.',
    zh: '环境变量、标签、命令、构建参数或构建指令中含有密码、令牌或密钥。任何能拉取镜像的人都可读取，即使之后被覆盖。',
  },
  advice: {
    en: 'Hand secrets over at run time or as build secrets (RUN --mount=type=secret), and replace those that were written.',
    zh: '在运行时或以构建密钥（RUN --mount=type=secret）传入，并更换已写入的敏感信息。',
  },
  evaluate(context) {
    const found: RiskEvidence[] = [];
    for (const [field, texts] of fieldsOf(context)) {
      for (const text of texts) {
        const excerpt = secretLine(text);
        if (excerpt !== undefined) found.push(context.settingsEvidence(`config:${field}`, excerpt));
      }
    }
    for (const instruction of historyOf(context).instructions) {
      const excerpt = secretLine(instruction.written);
      if (excerpt !== undefined) found.push({ ...instructionEvidence(context, instruction, ''), excerpt });
    }
    return failIf(found);
  },
});

/** All texts of the config, by field. */
function fieldsOf({ image: { settings } }: CheckContext): readonly (readonly [string, readonly string[]])[] {
  return [
    ['Env', settings.env],
    ['Labels', Object.entries(settings.labels).map(([name, value]) => `${name}=${value}`)],
    ['Entrypoint', settings.entrypoint],
    ['Cmd', settings.cmd],
    ['Healthcheck', settings.healthcheck ?? []],
  ];
}

/** The first secret of a text with what stands around it, masked; undefined when there is none. */
function secretLine(text: string): string | undefined {
  const [first] = secretsInText(text);
  return first && maskedAround(text, first);
}
