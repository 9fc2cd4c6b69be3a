import type { ServiceRule } from '../contract.ts';
import { properties } from '../formats/lines.ts';
import type { Setting } from '../formats/setting.ts';
import { yamlSettings } from '../formats/tree.ts';
import { isOff, isOn } from '../hosts.ts';
import type { Found, ServiceImage } from '../image.ts';
import type { ConfigSource } from '../source.ts';
import type { Verdict } from '../verdict.ts';

/** Names may be written `stat-view-servlet` or `statViewServlet`; lists as `include[0]` or items. */
function canonical(key: string): string {
  return key
    .replaceAll(/\[(\d{1,4})\]/g, '.$1')
    .replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    .replaceAll('_', '-');
}

const config: ConfigSource = {
  id: 'spring',
  files: ['application.properties', 'application-*.properties', 'application-*.yml', 'application-*.yaml'].concat([
    'application.yml',
    'application.yaml',
    'bootstrap.yml',
    'bootstrap.properties',
  ]),
  *parse(text, path): Generator<Setting> {
    const settings = path.endsWith('.properties') ? properties(text) : yamlSettings(text);
    for (const { key, value, line } of settings) yield { key: canonical(key), value, line };
  },
  keep: [
    [/^management\.endpoints\.web\.exposure\.include(\.\d+)?$/, 'plain'],
    [/^(management\.endpoint|endpoints)\.shutdown\.(enabled|access)$/, 'plain'],
    [/^management\.security\.enabled$/, 'plain'],
    [/^management\.server\.(port|address)$/, 'plain'],
    [/^spring\.datasource\.druid\.stat-view-servlet\.(enabled|login-username|allow)$/, 'plain'],
    [/^spring\.datasource\.druid\.stat-view-servlet\.login-password$/, ['123456', 'admin', 'druid', 'root']],
    [/^spring\.(application\.name|profiles\.active)$/, 'plain'],
  ],
};

/** A value as it counts when no variable is given: `${NAME:value}` is `value`. */
function effective(value: string): string | undefined {
  const [, otherwise] = /^\$\{[^{}:]*(?::([^{}]*))?\}$/.exec(value) ?? [];
  return value.startsWith('${') ? otherwise : value;
}

const druid = 'spring.datasource.druid.stat-view-servlet';

const bad: readonly { readonly key: RegExp; readonly is: (value: string) => boolean }[] = [
  { key: /^management\.endpoints\.web\.exposure\.include/, is: (value) => value.trim() === '*' },
  { key: /shutdown\.enabled$/, is: isOn },
  { key: /shutdown\.access$/, is: (value) => value === 'unrestricted' },
  { key: /^management\.security\.enabled$/, is: isOff },
];

function judgeDruid(image: ServiceImage, verdict: Verdict): void {
  for (const file of image.files(config)) {
    const at = (name: string): Found | undefined => {
      const setting = file.settings.findLast(({ key }) => key === `${druid}.${name}`);
      return setting && { ...setting, file };
    };
    const enabled = at('enabled');
    const password = at('login-password')?.secret;
    if (
      enabled !== undefined &&
      isOn(effective(enabled.value ?? '')) &&
      password !== 'set' &&
      password !== 'variable'
    ) {
      verdict.bad(image.evidence(enabled));
    }
  }
}

/** Settings that the image's variables and command give. */
function judgeStart(image: ServiceImage, verdict: Verdict): void {
  for (const text of image.context.image.settings.env) {
    const equals = text.indexOf('=');
    const key = text.slice(0, equals).toLowerCase().replaceAll('_', '.');
    if (bad.some((rule) => rule.key.test(key) && rule.is(text.slice(equals + 1)))) {
      verdict.bad(image.context.settingsEvidence('config:Env', text));
    }
  }
  const { entrypoint, cmd } = image.context.image.settings;
  for (const word of [...entrypoint, ...cmd].flatMap((item) => item.split(/\s+/))) {
    const [, key = '', value = ''] = /^(?:--|-D)([\w.-]+)=(.*)$/.exec(word) ?? [];
    if (key !== '' && bad.some((rule) => rule.key.test(key) && rule.is(value))) verdict.bad(image.optionEvidence(word));
  }
}

/** SV-015. */
export const spring: ServiceRule = {
  id: 'SV-015',
  service: 'spring',
  level: 'high',
  title: { en: 'Spring Boot shows its inside to everybody', zh: 'Spring Boot Actuator/Druid 未授权访问' },
  description: {
    en: 'All actuator endpoints are exposed, shutdown is enabled, or the druid monitor asks for no login: strangers read memory, variables and sessions, or stop the service.',
    zh: '暴露了全部 Actuator 端点、启用了 shutdown，或 Druid 监控页无需登录：陌生人可读取内存、环境变量和会话，或停止服务。',
  },
  advice: {
    en: 'Expose `health` only, leave shutdown off, and give the druid monitor a login or switch it off.',
    zh: '只暴露 health 端点，关闭 shutdown，为 Druid 监控页设置登录或将其关闭。',
  },
  packages:
    /^org\.springframework\.boot:spring-boot(-actuator(-autoconfigure)?)?$|^com\.alibaba:druid(-spring-boot-starter)?$/,
  programs: [],
  sources: [config],
  telling: [config],
  judge(image, verdict) {
    for (const { key, is } of bad) {
      for (const found of image.all(config, key)) {
        const value = effective(found.value ?? '');
        if (value === undefined) verdict.atRuntime(found.value ?? '');
        else if (is(value)) verdict.bad(image.evidence(found));
      }
    }
    judgeDruid(image, verdict);
    judgeStart(image, verdict);
  },
};
