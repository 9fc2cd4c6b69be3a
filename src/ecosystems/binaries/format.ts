import type { Executable } from './contract.ts';
import { readElf } from './elf.ts';
import { readFat, readMachO } from './macho.ts';
import { readPe } from './pe.ts';

/** Bytes that tell whether a file may be one of the formats. */
export const magicBytes = 4;

/** Whether the first bytes, at least four, may be those of an executable. */
export function hasMagic(head: Uint8Array): boolean {
  const [a = 0, b = 0, c = 0, d = 0] = [head[0], head[1], head[2], head[3]];
  switch (a) {
    case 0x7f:
      return b === 0x45 && c === 0x4c && d === 0x46;
    case 0x4d:
      return b === 0x5a;
    case 0xfe:
      return b === 0xed && c === 0xfa && (d === 0xce || d === 0xcf);
    case 0xce:
    case 0xcf:
      return b === 0xfa && c === 0xed && d === 0xfe;
    case 0xca:
      return b === 0xfe && c === 0xba && (d === 0xbe || d === 0xbf);
    case 0x00:
      return b === 0x61 && c === 0x73 && d === 0x6d;
    default:
      return false;
  }
}

/** Reads the head of a file; undefined when it is no executable. */
export function readExecutable(head: Buffer): Executable | undefined {
  if (head.length < magicBytes || !hasMagic(head)) return undefined;
  if (head[0] === 0x4d) return readPe(head);
  switch (head.readUInt32BE(0)) {
    case 0x7f454c46:
      return readElf(head);
    case 0xcafebabe:
    case 0xcafebabf:
      return readFat(head);
    case 0x0061736d:
      return wasm;
    default:
      return readMachO(head);
  }
}

const wasm: Executable = {
  ...{ format: 'wasm', pointerSize: 0, bigEndian: false, program: false },
  ...{ segments: [], sections: [], loadedEnd: 0, slices: [] },
};
