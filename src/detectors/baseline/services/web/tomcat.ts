import type { ServiceRule } from '../contract.ts';
import type { Setting } from '../formats/setting.ts';
import { namedValues, xmlElements } from '../formats/xml.ts';
import { isLocal, isOff } from '../hosts.ts';
import { knownPasswords } from '../known-passwords.ts';
import type { ConfigSource } from '../source.ts';

const users: ConfigSource = {
  id: 'tomcat-users',
  files: ['tomcat-users.xml'],
  *parse(text): Generator<Setting> {
    for (const { path, attributes, line } of xmlElements(text)) {
      if (!path.endsWith('/user')) continue;
      // Only who may manage the server matters; the password follows the roles.
      if (!/\b(manager|admin)(-\w+)?\b/.test(attributes.roles ?? '')) continue;
      yield { key: `user ${attributes.username ?? attributes.name ?? ''}`, value: attributes.password ?? '', line };
    }
  },
  keep: [[/^user /, knownPasswords]],
};

const manager: ConfigSource = {
  id: 'tomcat-manager',
  files: ['manager/META-INF/context.xml', 'localhost/manager.xml', 'localhost/host-manager.xml'],
  *parse(text, path): Generator<Setting> {
    // The official image keeps applications that it does not serve in such a directory.
    if (path.includes('webapps.dist/')) return;
    yield { key: 'manager', value: '', line: null };
    for (const { path: element, attributes, line } of xmlElements(text)) {
      if (element.endsWith('/Valve')) yield { key: 'valve', value: attributes.className ?? '', line };
    }
  },
  keep: [[/^(manager|valve)$/, 'plain']],
};

const server: ConfigSource = {
  id: 'tomcat-server',
  files: ['server.xml'],
  *parse(text): Generator<Setting> {
    for (const { path, attributes, line } of xmlElements(text)) {
      if (!path.endsWith('/Connector') || !/ajp/i.test(attributes.protocol ?? '')) continue;
      const { address = '', secret, requiredSecret, secretRequired } = attributes;
      // Only whether there is one: never the secret.
      const guarded = (secret ?? requiredSecret ?? '') !== '' && !isOff(secretRequired);
      yield { key: guarded ? 'ajp with secret' : 'ajp without secret', value: address, line };
    }
  },
  keep: [[/^ajp with/, 'plain']],
};

const web: ConfigSource = {
  id: 'tomcat-web',
  files: ['conf/web.xml', 'tomcat*/web.xml', 'WEB-INF/web.xml'],
  parse: (text) => namedValues(xmlElements(text), 'param-name', 'param-value'),
  keep: [[/^readonly$/, 'plain']],
};

/** SV-008. */
export const tomcat: ServiceRule = {
  id: 'SV-008',
  service: 'tomcat',
  level: 'high',
  title: { en: 'Tomcat can be managed or read by strangers', zh: 'Tomcat 未授权访问或弱配置' },
  description: {
    en: 'Accounts of the manager have shipped passwords, the manager is open to all addresses, files may be uploaded by PUT, or the AJP connector asks for no secret: each of them leads to code of strangers.',
    zh: '管理账号使用默认口令、管理应用对所有地址开放、允许通过 PUT 上传文件，或 AJP 连接器未设置 secret：任一项都可能导致执行外来代码。',
  },
  advice: {
    en: 'Remove the manager and its accounts, keep `readonly` true, and remove the AJP connector or give it a secret.',
    zh: '删除管理应用及其账号，保持 readonly 为 true，删除 AJP 连接器或为其设置 secret。',
  },
  packages: /^(tomcat\d*|tomcat\d*-common|org\.apache\.tomcat:tomcat-catalina)$/,
  programs: ['catalina.sh', 'bootstrap.jar'],
  sources: [users, manager, server, web],
  judge(image, verdict) {
    for (const found of image.all(users)) {
      if (found.secret === 'default' || found.secret === 'empty') verdict.bad(image.evidence(found));
    }
    for (const file of image.files(manager)) {
      const valves = file.settings.filter(({ key }) => key === 'valve');
      const guarded = valves.some(({ value = '' }) => /\.Remote(Addr|CIDR|Host)Valve$/.test(value));
      const served = file.settings.some(({ key }) => key === 'manager');
      if (served && !guarded && !file.unread) verdict.bad(image.missing(file, 'no RemoteAddrValve'));
    }
    for (const found of image.all(server, 'ajp without secret')) {
      if (found.value === '' || !isLocal(found.value ?? '')) verdict.bad(image.evidence(found));
    }
    for (const found of image.all(web)) if (isOff(found.value)) verdict.bad(image.evidence(found));
  },
};
