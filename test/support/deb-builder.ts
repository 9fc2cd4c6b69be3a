import { type TarMember, tar } from './test-image.ts';

/** What a toy package holds. */
export interface ToyPackage {
  readonly name: string;
  readonly version: string;
  /** `all` unless given. */
  readonly arch?: string;
  /** More fields of the control file. */
  readonly fields?: Readonly<Record<string, string>>;
  /** Members of the control archive besides `control`. */
  readonly control?: Readonly<Record<string, string | TarMember>>;
  /** Payload by path without leading slash; parent directories are added. */
  readonly files?: Readonly<Record<string, string | TarMember>>;
  /** Members put into the payload as they are, for hostile names. */
  readonly raw?: Readonly<Record<string, string | TarMember>>;
}

/** Builds a package file (format 2.0, uncompressed), independently of dpkg and of the product. */
export function buildDeb(pkg: ToyPackage): Buffer {
  return ar({
    'debian-binary': Buffer.from('2.0\n'),
    'control.tar': tar({ './': { type: 'directory' }, './control': controlFile(pkg), ...prefixed(pkg.control ?? {}) }),
    'data.tar': tar({ ...payload(pkg.files ?? {}), ...pkg.raw }),
  });
}

function controlFile({ name, version, arch = 'all', fields }: ToyPackage): string {
  const all = {
    Package: name,
    Version: version,
    Architecture: arch,
    Maintainer: 'Toy Makers <toys@example.org>',
    Priority: 'optional',
    Section: 'misc',
    ...fields,
    Description: fields?.Description ?? 'toy',
  };
  return Object.entries(all)
    .map(([field, value]) => `${field}: ${value}\n`)
    .join('');
}

function prefixed(members: Readonly<Record<string, string | TarMember>>): Record<string, string | TarMember> {
  return Object.fromEntries(Object.entries(members).map(([path, member]) => [`./${path}`, member]));
}

function payload(files: Readonly<Record<string, string | TarMember>>): Record<string, string | TarMember> {
  const members: Record<string, string | TarMember> = { './': { type: 'directory' } };
  for (const [path, member] of Object.entries(files)) {
    for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
      members[`./${path.slice(0, slash)}/`] ??= { type: 'directory' };
    }
    const directory = typeof member !== 'string' && member.type === 'directory';
    const hardlink = typeof member !== 'string' && member.type === 'hardlink';
    members[`./${path}${directory ? '/' : ''}`] = hardlink ? { ...member, link: `./${member.link}` } : member;
  }
  return members;
}

function ar(members: Readonly<Record<string, Buffer>>): Buffer {
  const parts: Uint8Array[] = [Buffer.from('!<arch>\n')];
  for (const [name, bytes] of Object.entries(members)) {
    const header = `${name.padEnd(16)}${'0'.padEnd(12)}${'0'.padEnd(6)}${'0'.padEnd(6)}${'100644'.padEnd(8)}${String(bytes.length).padEnd(10)}\`\n`;
    parts.push(Buffer.from(header, 'latin1'), bytes, Buffer.alloc(bytes.length % 2, '\n'));
  }
  return Buffer.concat(parts);
}
