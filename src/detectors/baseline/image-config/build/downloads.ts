import type { RiskEvidence, RiskLevel } from '../../../contract.ts';
import type { CheckContext } from '../../contract.ts';
import { instructionCheck } from '../../define-check.ts';
import { worst } from '../../outcome.ts';
import { type Program, programOf, type ShellCommand } from '../../shell/index.ts';
import { byScripts, instructionEvidence } from '../finding.ts';
import { scriptsOf } from '../history/history.ts';
import { maskedLine } from '../text/masked.ts';

/** IC-019 */
export const insecureDownload = instructionCheck({
  id: 'IC-019',
  item: 'insecure_download',
  level: 'high',
  title: { en: 'TLS or signature checks are switched off', zh: '关闭了 TLS 或签名校验' },
  description: {
    en: 'The build downloads or installs without checking who sends it (curl -k, --allow-unauthenticated, [trusted=yes], --nogpgcheck …), or the image tells programs to do so. Medium where only pip trusts a host.',
    zh: '构建过程在不校验来源的情况下下载或安装（curl -k、--allow-unauthenticated、[trusted=yes]、--nogpgcheck 等），或镜像要求程序如此。仅 pip 信任某主机时为中危。',
  },
  advice: {
    en: 'Keep the checks on; install the certificate or key that is missing.',
    zh: '保持校验开启，安装缺失的证书或密钥。',
  },
  evaluate(context) {
    const found = [...inSettings(context)];
    for (const { instruction, script } of scriptsOf(context)) {
      for (const command of script.commands) {
        const level = levelOf(command);
        if (level !== undefined)
          found.push({ level, evidence: instructionEvidence(context, instruction, command.source) });
      }
    }
    const level = worst(found.map((one) => one.level));
    return byScripts(
      context,
      found.map(({ evidence }) => evidence),
      level && { level },
    );
  },
});

interface Found {
  readonly level: RiskLevel;
  readonly evidence: RiskEvidence;
}

/** Variables that switch checks off, with the values that do. */
const switches = [
  /^NODE_TLS_REJECT_UNAUTHORIZED=0$/,
  /^PYTHONHTTPSVERIFY=0$/,
  /^GIT_SSL_NO_VERIFY=(?:1|true|yes)$/i,
  /^npm_config_strict_ssl=false$/i,
];

function isSwitch(text: string): boolean {
  return switches.some((pattern) => pattern.test(text));
}

function inSettings(context: CheckContext): Found[] {
  return context.image.settings.env
    .filter(isSwitch)
    .map((entry) => ({ level: 'high', evidence: context.settingsEvidence('config:Env', maskedLine(entry)) }));
}

/** How bad what a command switches off is; undefined when it switches nothing off. */
function levelOf(command: ShellCommand): RiskLevel | undefined {
  const words = [...command.assignments, ...command.words].map(({ text }) => text);
  const texts = [...words, ...command.heredocs];
  if (words.some(isSwitch) || texts.some((text) => trustedSource.test(text))) return 'high';
  const program = programOf(command);
  if (program === undefined) return undefined;
  if (/^pip[0-9.]{0,6}$/.test(program.name) || program.arguments.some(({ text }) => text === 'pip')) {
    return program.arguments.some(({ text }) => /^--trusted-host(?:=|$)/.test(text)) ? 'medium' : undefined;
  }
  return isInsecure(program) ? 'high' : undefined;
}

/** `deb [trusted=yes]`, written into a list of sources. */
const trustedSource = /\[[^\]\n]{0,200}\btrusted=yes\b|^Trusted:[ \t]{0,20}yes\b/im;

/** Options of any package manager or downloader; none of them means something harmless elsewhere. */
const insecureOptions = new Set([
  ...['--no-check-certificate', '--allow-unauthenticated', '--force-yes', '--allow-insecure-repositories'],
  ...['--nogpgcheck', '--no-gpgcheck', '--no-gpg-check', '--no-gpg-checks', '--allow-untrusted'],
]);
const aptSetting = /AllowUnauthenticated=(?:"?(?:true|yes|1))|AllowInsecureRepositories=(?:"?(?:true|yes|1))/i;

function isInsecure({ name, arguments: words }: Program): boolean {
  const texts = words.map(({ text }) => text);
  if (texts.some((text) => insecureOptions.has(text) || aptSetting.test(text))) return true;
  switch (name) {
    case 'curl':
      return texts.some((text) => text === '--insecure' || text === '--proxy-insecure' || clusterHasK(text));
    case 'rpm':
      return texts.some((text) => ['--nodigest', '--nosignature', '--nodigests'].includes(text));
    case 'git':
      return texts.some(
        (text, at) => /^http\.sslverify(?:=(?:false|0|no))?$/i.test(text) && isOff(text, texts[at + 1]),
      );
    case 'npm':
    case 'pnpm':
    case 'yarn':
      return texts.some(
        (text, at) => /^(?:--)?(?:no-)?strict-ssl(?:=false)?$/.test(text) && isOff(text, texts[at + 1]),
      );
    default:
      return false;
  }
}

/** `name=false`, `--no-name` or `name false`. */
function isOff(text: string, next: string | undefined): boolean {
  return text.includes('=') || text.startsWith('--no-') || /^(?:false|0|no)$/i.test(next ?? '');
}

/** Short options of curl that take a value: what follows one in a cluster is that value. */
const curlValued = new Set([...'AbcCdDeEFhHKmoPQrtTuUwxXyYz']);

function clusterHasK(text: string): boolean {
  if (!/^-[A-Za-z0-9#]/.test(text)) return false;
  for (const letter of text.slice(1)) {
    if (letter === 'k') return true;
    if (curlValued.has(letter)) return false;
  }
  return false;
}
