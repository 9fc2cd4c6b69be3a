import { argumentFile, optionFile } from '../argument-file.ts';
import type { ServiceRule } from '../contract.ts';
import { anyOpen } from '../hosts.ts';
import type { Found, ServiceImage } from '../image.ts';
import type { ConfigSource } from '../source.ts';

const config: ConfigSource = {
  id: 'memcached',
  files: ['memcached.conf', 'sysconfig/memcached', 'default/memcached', 'conf.d/memcached'],
  parse: (text, path) => (path.endsWith('.conf') ? optionFile(text) : argumentFile(text)),
  keep: [[/^(l|listen|U|udp-port|S|enable-sasl|Y|auth-file|s|unix-socket)/, 'plain']],
};

/** An option as written in the command or a file; `-l127.0.0.1` is `-l 127.0.0.1`. */
function optionOf(image: ServiceImage, short: string, long: string): { value: string; found?: Found } | undefined {
  const fromCommand = image.options && attached([...image.options.all], short, long);
  if (fromCommand !== undefined) return { value: fromCommand };
  const settings = image.all(config);
  for (const found of [...settings].reverse()) {
    const value = attached([[found.key, found.value ?? '']], short, long);
    if (value !== undefined) return { value, found };
  }
  return undefined;
}

function attached(options: readonly (readonly [string, string])[], short: string, long: string): string | undefined {
  for (const [name, value] of options) {
    if (name === short || name === long) return value;
    if (name.startsWith(short) && /^.[\d.:[]/.test(name)) return name.slice(1);
  }
  return undefined;
}

/** SV-004. */
export const memcached: ServiceRule = {
  id: 'SV-004',
  service: 'memcached',
  level: 'medium',
  title: { en: 'memcached is open to everybody', zh: 'Memcached 未授权访问' },
  description: {
    en: 'memcached listens on other addresses than loopback without SASL: everybody reads and changes the cache; over UDP it also amplifies attacks on others.',
    zh: 'Memcached 监听非回环地址且未启用 SASL：任何人都可读写缓存；开启 UDP 时还会被用于放大攻击。',
  },
  advice: {
    en: 'Start it with `-l 127.0.0.1 -U 0`, or with SASL (`-S`) where others must reach it.',
    zh: '使用 -l 127.0.0.1 -U 0 启动；确需对外时启用 SASL（-S）。',
  },
  packages: /^memcached$/,
  programs: ['memcached'],
  sources: [config],
  judge(image, verdict) {
    if (
      optionOf(image, 'S', 'enable-sasl') ||
      optionOf(image, 'Y', 'auth-file') ||
      optionOf(image, 's', 'unix-socket')
    ) {
      return;
    }
    const listen = optionOf(image, 'l', 'listen');
    if (listen !== undefined && !anyOpen(listen.value)) return;
    const show = ({ value, found }: { value: string; found?: Found }, name: string): void =>
      verdict.bad(found === undefined ? image.optionEvidence(`-${name} ${value}`) : image.evidence(found));
    if (listen !== undefined) show(listen, 'l');
    const udp = optionOf(image, 'U', 'udp-port');
    if (udp !== undefined && udp.value !== '0') show(udp, 'U');
    verdict.byDefault(image.here('no -l: it listens on all addresses'));
  },
};
