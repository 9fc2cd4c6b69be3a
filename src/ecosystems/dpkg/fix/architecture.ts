import type { Platform } from '../../../image/index.ts';

const names: Readonly<Record<string, string>> = {
  '386': 'i386',
  amd64: 'amd64',
  arm64: 'arm64',
  loong64: 'loong64',
  mips64le: 'mips64el',
  ppc64le: 'ppc64el',
  riscv64: 'riscv64',
  s390x: 's390x',
};

/** Debian's name for the architecture of an image platform; undefined when Debian has none. */
export function debianArchitecture(platform: Platform): string | undefined {
  if (platform.os !== 'linux') return undefined;
  if (platform.architecture === 'arm') {
    return platform.variant === 'v7' || platform.variant === undefined ? 'armhf' : 'armel';
  }
  return Object.hasOwn(names, platform.architecture) ? names[platform.architecture] : undefined;
}
