import { baseName } from '../../../../image/index.ts';
import type { FactReader } from '../../contract.ts';
import { textLines } from '../../text-lines.ts';

/** A setting and the line that has the last word. */
export interface Setting {
  readonly value: string;
  readonly line: number;
}

/** Settings of login.defs(5) that checks ask for. */
export interface LoginDefs {
  readonly settings: Readonly<Record<string, Setting>>;
  readonly truncated?: true;
}

const asked: ReadonlySet<string> = new Set([
  'ENCRYPT_METHOD',
  'MD5_CRYPT_ENAB',
  'PASS_MAX_DAYS',
  'PASS_MIN_DAYS',
  'UMASK',
]);
/** Files of both: the administrator's, and the vendor's where there is none (openSUSE). */
export const loginDefsPaths: readonly string[] = ['etc/login.defs', 'usr/etc/login.defs'];

/** Reads login.defs as shadow's tools do: the last line of a name counts. */
export const loginDefsReader: FactReader<LoginDefs> = {
  id: 'login-defs',
  version: 1,
  wants: ({ path }) => baseName(path) === 'login.defs',
  read(bytes) {
    const text = textLines(bytes);
    if (text === undefined) return undefined;
    const settings: Record<string, Setting> = {};
    for (const [index, content] of text.lines.entries()) {
      const [name = '', ...rest] = content.trim().split(/[ \t]+/);
      if (!asked.has(name) || rest.length === 0) continue;
      const value = /^[ "\t]*([^"]*)/.exec(rest.join(' '))?.[1] ?? '';
      settings[name] = { value: value.slice(0, 64), line: index + 1 };
    }
    return { settings, ...(text.truncated && { truncated: true as const }) };
  },
};

/** A number as shadow's tools read it: decimal, `0…` octal, `0x…` hexadecimal; undefined when it is none. */
export function settingNumber({ value }: Setting): number | undefined {
  const parts = /^(?<sign>-?)(?:0x(?<hex>[0-9a-f]{1,8})|0(?<octal>[0-7]{1,10})|(?<decimal>\d{1,10}))$/i.exec(
    value,
  )?.groups;
  if (parts === undefined) return undefined;
  const { sign, hex, octal, decimal } = parts;
  let number = Number(decimal);
  if (hex !== undefined) number = Number.parseInt(hex, 16);
  else if (octal !== undefined) number = Number.parseInt(octal, 8);
  return sign === '-' ? -number : number;
}
