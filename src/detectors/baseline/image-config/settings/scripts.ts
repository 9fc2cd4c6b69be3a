import type { FactReader } from '../../contract.ts';

/** The interpreter of a script, as its first line names it, and the first word behind it (the program for `env`). */
export interface Shebang {
  readonly interpreter: string;
  readonly argument: string;
}

/** Longest first line of a script that a kernel reads, and some more. */
const maxLine = 512;

/** First lines of scripts that may be executed. */
export const scriptReader: FactReader<Shebang> = {
  id: 'script-interpreters',
  version: 1,
  take: 'head',
  wants: ({ mode, size }) => (mode & 0o111) !== 0 && size > 2,
  read(bytes) {
    if (bytes[0] !== 0x23 || bytes[1] !== 0x21) return undefined;
    const [line = ''] = Buffer.from(bytes.subarray(2, maxLine)).toString('utf8').split('\n', 1);
    const [interpreter = '', ...words] = line.trim().split(/\s+/);
    // Options of env come first: `env -S python3 -u`.
    const argument = words.find((word) => !word.startsWith('-') && !word.includes('=')) ?? '';
    return interpreter === '' ? undefined : { interpreter, argument };
  },
};
