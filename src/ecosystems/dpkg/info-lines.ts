/** The checksum that a package recorded of one of its files. */
export interface ChecksumLine {
  /** 32 hex digits, lower case. */
  readonly md5: string;
  /** As written, usually without leading slash. */
  readonly path: string;
}

/** A line of `md5sums`: digits, a blank, a blank or `*`, and the path. Undefined for anything else. */
export function readChecksumLine(line: string): ChecksumLine | undefined {
  return checksumLine.test(line) ? { md5: line.slice(0, 32), path: line.slice(34) } : undefined;
}

const checksumLine = /^[0-9a-f]{32} [ *]./;

/** A record of `diversions`: name, new name, and the package that moved the file (`:` for the administrator). */
export type DiversionRecord = readonly [from: string, to: string, by: string];

/** The records in the lines of `diversions`, three for each; what is left at the end is no record. */
export function* diversionRecords(lines: readonly string[]): Generator<DiversionRecord> {
  for (let at = 0; at + 2 < lines.length; at += 3) {
    const [from = '', to = '', by = ''] = lines.slice(at, at + 3);
    yield [from, to, by];
  }
}
