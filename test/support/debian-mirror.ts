import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where this machine gets Debian's packages. */
export interface DebianMirror {
  /** Base URL of the main archive, without a trailing slash. */
  readonly debian: string;
  readonly security: string;
  /** Keyring file of the distribution on this machine. */
  readonly keyring: string;
}

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * The mirror of the environment (`DRYDOCK_DEBIAN_MIRROR`, `DRYDOCK_DEBIAN_SECURITY_MIRROR`) or of the system's own
 * apt configuration; undefined when there is neither. Read independently of the program's reader.
 */
export function debianMirror(): DebianMirror | undefined {
  const urls = systemUrls();
  const debian = process.env.DRYDOCK_DEBIAN_MIRROR ?? urls.find((url) => url.endsWith('/debian'));
  const security = process.env.DRYDOCK_DEBIAN_SECURITY_MIRROR ?? urls.find((url) => url.endsWith('/debian-security'));
  return debian === undefined || security === undefined ? undefined : { debian, security, keyring };
}

function systemUrls(): string[] {
  const folder = '/etc/apt/sources.list.d';
  const files = ['/etc/apt/sources.list', ...safely(() => readdirSync(folder), []).map((name) => join(folder, name))];
  const words = files.flatMap((file) =>
    safely(() => readFileSync(file, 'utf8'), '')
      .split('\n')
      .filter((line) => !line.startsWith('#'))
      .flatMap((line) => line.split(/\s+/)),
  );
  return words.filter((word) => /^https?:\/\//.test(word)).map((url) => url.replace(/\/+$/, ''));
}

function safely<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** One-line sources of all suites from which a release is fixed. */
export function sourcesOf(suite: string, mirror: DebianMirror): string {
  const line = (base: string, name: string): string => `deb [signed-by=${mirror.keyring}] ${base} ${name} main\n`;
  return (
    line(mirror.debian, suite) + line(mirror.debian, `${suite}-updates`) + line(mirror.security, `${suite}-security`)
  );
}
