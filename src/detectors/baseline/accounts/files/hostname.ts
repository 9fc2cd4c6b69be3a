import type { FactReader } from '../../contract.ts';
import { textLines } from '../../text-lines.ts';

/** Reads the name that an image gives itself in `/etc/hostname`. */
export const hostnameReader: FactReader<{ readonly name: string }> = {
  id: 'hostname',
  version: 1,
  wants: ({ path }) => /(^|\/)etc\/hostname$/.test(path),
  take: 'head',
  read(bytes) {
    const name = textLines(bytes)
      ?.lines.find((line) => line.trim() !== '' && !line.startsWith('#'))
      ?.trim();
    return name === undefined ? undefined : { name: name.slice(0, 64) };
  },
};
