import { createHash } from 'node:crypto';
import type { ServiceRule } from '../contract.ts';
import { properties } from '../formats/lines.ts';
import type { Setting } from '../formats/setting.ts';
import { isLocal } from '../hosts.ts';
import type { ServiceImage } from '../image.ts';
import { knownPasswords } from '../known-passwords.ts';
import type { ConfigSource } from '../source.ts';
import type { Verdict } from '../verdict.ts';

/** WildFly keeps `name=md5(name:realm:password)`. */
const realms = ['ManagementRealm', 'ApplicationRealm'];

const users: ConfigSource = {
  id: 'java-users',
  files: ['mgmt-users.properties', 'application-users.properties', 'jmx-console-users.properties'].concat([
    'web-console-users.properties',
    'security/boot.properties',
  ]),
  *parse(text, path): Generator<Setting> {
    for (const { key, value, line } of properties(text)) {
      const isKnown = /(mgmt|application)-users\.properties$/.test(path)
        ? isKnownHash(key, value)
        : knownPasswords.includes(value);
      const boot = path.endsWith('boot.properties');
      if (boot ? key === 'password' : true) yield { key: `user ${key}`, value: isKnown ? 'known' : value, line };
    }
  },
  keep: [[/^user /, ['known']]],
};

function isKnownHash(user: string, hash: string): boolean {
  return realms.some((realm) =>
    [user, ...knownPasswords].some(
      (password) => createHash('md5').update(`${user}:${realm}:${password}`).digest('hex') === hash.toLowerCase(),
    ),
  );
}

const jmx: ConfigSource = {
  id: 'jmx',
  files: ['management/management.properties', 'jmxremote.properties'],
  parse: properties,
  keep: [[/^com\.sun\.management\.jmxremote\.(authenticate|port|host)$/, 'plain']],
};

/** Options of Java in variables and the command, each with its evidence. */
function* javaOptions(image: ServiceImage): Generator<{ readonly word: string; readonly where: string }> {
  const { env, entrypoint, cmd } = image.context.image.settings;
  for (const text of env) {
    const equals = text.indexOf('=');
    for (const word of text.slice(equals + 1).split(/\s+/)) yield { word, where: 'config:Env' };
  }
  for (const word of [...entrypoint, ...cmd].flatMap((item) => item.split(/\s+/))) yield { word, where: 'config:Cmd' };
}

function judgeOptions(image: ServiceImage, verdict: Verdict): void {
  const options = [...javaOptions(image)];
  const hasPort = options.some(({ word }) => word.startsWith('-Dcom.sun.management.jmxremote.port='));
  const local = options.some(({ word }) => {
    const [, host] = /^-Dcom\.sun\.management\.jmxremote\.host=(.+)$/.exec(word) ?? [];
    return host !== undefined && isLocal(host);
  });
  for (const { word, where } of options) {
    const evidence = image.context.settingsEvidence(where, word);
    if (hasPort && !local && word === '-Dcom.sun.management.jmxremote.authenticate=false') verdict.bad(evidence);
    if (!/^-(agentlib:jdwp=|Xrunjdwp:)/.test(word)) continue;
    const [, address = ''] = /[=:,]address=([^,]*)/.exec(word) ?? [];
    // A port alone means loopback since Java 9 and everywhere before.
    const isPort = /^\d+$/.test(address);
    if (address === '' || (/server=n/.test(word) && !isPort)) continue;
    if (!isPort && !isLocal(address)) verdict.bad(evidence);
    else if (isPort && isOldJava(image)) verdict.bad(evidence);
  }
}

function isOldJava({ context }: ServiceImage): boolean {
  const version = context.image.settings.env.find((text) => text.startsWith('JAVA_VERSION='))?.slice(13) ?? '';
  return (
    /^(8u|1\.[5-8]|jdk8|8\b)/.test(version) ||
    context.packages.some(({ name }) =>
      /^(openjdk-[678]-jre(-headless)?|java-1\.[5-8]\.0-openjdk.*|openjdk[78](-jre.*)?)$/.test(name),
    )
  );
}

/** SV-027. */
export const javaRemote: ServiceRule = {
  id: 'SV-027',
  service: 'java_remote',
  level: 'high',
  title: { en: 'Java can be controlled from outside', zh: 'Java 远程管理未授权访问' },
  description: {
    en: 'JMX asks for no password, the debugger listens on an open address, or WebLogic or JBoss has a shipped account: each runs code of strangers.',
    zh: 'JMX 无需认证、调试端口监听开放地址，或 WebLogic/JBoss 使用默认账号：任一项都可执行外来代码。',
  },
  advice: {
    en: 'Remove the debugger and JMX options from the image, or bind them to loopback; set passwords of your own.',
    zh: '从镜像中删除调试和 JMX 选项，或将其绑定到回环地址；设置自己的口令。',
  },
  packages:
    /^(openjdk-\d+-(jre|jdk)(-headless)?|java-[\d.]+-openjdk.*|openjdk\d+(-jre|-jdk)?.*|temurin-.*|zulu.*|wildfly|jboss.*)$/,
  programs: ['java', 'startWebLogic.sh', 'standalone.sh'],
  sources: [users, jmx],
  judge(image, verdict) {
    judgeOptions(image, verdict);
    for (const found of image.all(users)) if (found.secret === 'default') verdict.bad(image.evidence(found));
    for (const file of image.files(jmx)) {
      const at = (name: string) => file.settings.findLast(({ key }) => key.endsWith(`.${name}`));
      const host = at('host')?.value;
      const authenticate = at('authenticate');
      const reachable = at('port') !== undefined && (host === undefined || !isLocal(host));
      if (authenticate?.value === 'false' && reachable) verdict.bad(image.evidence({ ...authenticate, file }));
    }
  },
};
