import { compareText, type Diagnostic } from '../../kernel/index.ts';
import type { DetectionInput, Detector, DetectorAnalysis, SensitiveFile } from '../contract.ts';
import type { DetectorOptions } from '../options.ts';
import { sensitiveRules } from './catalogue/list.ts';
import { sensitiveFiles, unread } from './decide.ts';
import { secretVisitors } from './engine/visitor.ts';
import { compileRules } from './engine/window-scan.ts';
import { secretsOfImage } from './image-texts.ts';
import { selectRules } from './rule-set.ts';

const version = 1;
/** Sensitive files of an image (risks.md §6). */
const maxFindings = 10_000;

const classes = new Map(sensitiveRules.map((rule) => [rule.key, rule.class]));
const rank = { high: 0, medium: 1, low: 2 } as const;

/**
 * Sensitive files (risks.md §4): keys, tokens, passwords in files of every layer and in the texts of the config. Facts hold
 * masked excerpts and keyed hashes, never values; they are kept under a name that depends on the rules and on the key.
 */
export function createSecrets(options: Pick<DetectorOptions, 'secretKey' | 'secrets'>): Detector {
  const { content, files, keys, fingerprint } = selectRules(options.secrets, options.secretKey);
  const id = `secrets-${fingerprint}`;
  const visitor = secretVisitors({
    ...{ id, version, key: options.secretKey },
    compiled: compileRules(content),
    fileRules: files,
  });
  const analysis: DetectorAnalysis = { id, version, byContent: true, heavy: true, visitor };
  return {
    id: 'secret',
    analyses: [analysis],
    async detect(input) {
      const all = [
        ...sensitiveFiles(id, keys, classOf, input),
        ...secretsInSettings(input, options.secretKey, keys),
      ].sort((a, b) => rank[a.level] - rank[b.level] || compareText(a.path, b.path) || compareText(a.rule, b.rule));
      const dropped: Diagnostic[] =
        all.length > maxFindings
          ? [
              {
                code: 'findings_truncated',
                message: `${all.length} sensitive files; the first ${maxFindings} are kept`,
                partial: true,
              },
            ]
          : [];
      return { sensitive: all.slice(0, maxFindings), diagnostics: [...unread(id, input.layers), ...dropped] };
    },
  };
}

function secretsInSettings(
  { image, layers }: DetectionInput,
  key: Uint8Array,
  keys: ReadonlySet<string>,
): SensitiveFile[] {
  return secretsOfImage(image.settings, layers, key).flatMap((finding) =>
    keys.has(finding.rule) ? [{ ...finding, class: classOf(finding.rule) }] : [],
  );
}

function classOf(key: string): string {
  return classes.get(key) ?? 'password';
}
