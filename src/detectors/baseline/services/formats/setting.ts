/** One setting of a configuration file, as its format spells it. */
export interface Setting {
  /** With its section or parents where the format has them: `mysqld/skip-grant-tables`, `security.authorization`. */
  readonly key: string;
  /** Without quotes; empty where only the key stands. */
  readonly value: string;
  /** From one on; null where the format does not tell. */
  readonly line: number | null;
}

/** Limits of one configuration file; files up to 4 MiB are read. */
export const formatLimits = {
  /** Nesting of blocks, sections and elements. */
  depth: 64,
  /** Bytes of a YAML or XML file: their parsers build trees. */
  treeBytes: 1024 * 1024,
};

/** A file that is no file of its format, or over the limits. */
export class FormatError extends Error {}

/** Without one pair of equal quotes around it. */
export function unquote(text: string): string {
  const first = text.charAt(0);
  const quoted = text.length >= 2 && (first === '"' || first === "'") && text.endsWith(first);
  return quoted ? text.slice(1, -1) : text;
}
