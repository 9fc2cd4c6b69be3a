import type { DetectedLayer, SensitiveFile } from '../contract.ts';
import type { ImageSettings } from '../image-settings.ts';
import { FileFindings } from './engine/file-findings.ts';
import { scanText } from './text.ts';

/** Texts of one place of the config, such as `config:Env`, and the layer that they belong to. */
interface TextGroup {
  readonly path: string;
  readonly texts: readonly string[];
  readonly layer: number | null;
  readonly inBase: boolean;
}

/** A secret in a text of the config; the class is added where the rule is known. */
export type TextFinding = Omit<SensitiveFile, 'class'>;

/** Secrets in what the config says: variables, labels, commands, the check of health, and the instructions of the build. */
export function secretsOfImage(
  settings: ImageSettings,
  layers: readonly DetectedLayer[],
  key: Uint8Array,
): readonly TextFinding[] {
  return [...configGroups(settings), ...historyGroups(settings, layers)].flatMap((group) =>
    findingsOf(group, layers, key),
  );
}

function configGroups({ env, labels, cmd, entrypoint, healthcheck }: ImageSettings): TextGroup[] {
  const place = { layer: null, inBase: false };
  return [
    { path: 'config:Env', texts: env, ...place },
    { path: 'config:Labels', texts: Object.entries(labels).map(([name, value]) => `${name}=${value}`), ...place },
    { path: 'config:Entrypoint', texts: [entrypoint.join(' ')], ...place },
    { path: 'config:Cmd', texts: [cmd.join(' ')], ...place },
    { path: 'config:Healthcheck', texts: [(healthcheck ?? []).join(' ')], ...place },
  ];
}

/** Instructions below the last layer of the base image are the base image's, whether they made a layer or not. */
function historyGroups({ history }: ImageSettings, layers: readonly DetectedLayer[]): TextGroup[] {
  const entries = history ?? [];
  const lastOfBase = entries.findLastIndex(({ layer }) => layer !== null && layers[layer]?.base === true);
  return entries.map(({ createdBy, comment, layer }, index) => ({
    ...{ path: `history:${index}`, texts: [createdBy, comment], layer, inBase: index <= lastOfBase },
  }));
}

function findingsOf(
  { path, texts, layer, inBase }: TextGroup,
  layers: readonly DetectedLayer[],
  key: Uint8Array,
): TextFinding[] {
  const findings = new FileFindings(key);
  let before = 0;
  for (const text of texts) {
    scanText(text, (rule, found, { start, end }) => {
      const place = { offset: before + start, length: end - start, line: null };
      findings.add(rule, found, Buffer.from(text.slice(start, end), 'utf8'), place);
    });
    before += text.length + 1;
  }
  return findings.facts(path).map(({ rule, level, excerpt, secretId, total }) => ({
    ...{ rule, level, path, present: true, inBase, excerpt, secretId, total },
    layer: layer === null ? null : (layers[layer]?.digest ?? null),
    ...{ line: null, offset: null, length: null, md5: null },
  }));
}
