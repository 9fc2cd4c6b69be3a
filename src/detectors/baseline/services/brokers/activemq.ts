import type { ServiceRule } from '../contract.ts';
import { properties } from '../formats/lines.ts';
import type { Setting } from '../formats/setting.ts';
import { knownPasswords } from '../known-passwords.ts';
import type { ConfigSource } from '../source.ts';

const users: ConfigSource = {
  id: 'activemq-users',
  files: ['jetty-realm.properties', 'conf/users.properties', 'activemq/users.properties', 'artemis-users.properties'],
  *parse(text): Generator<Setting> {
    // `user: password, role` in the realm, `user=password` elsewhere.
    for (const { key, value, line } of properties(text)) {
      yield { key: `user ${key}`, value: value.split(',', 1)[0]?.trim() ?? '', line };
    }
  },
  keep: [[/^user /, knownPasswords]],
};

/** SV-014. */
export const activemq: ServiceRule = {
  id: 'SV-014',
  service: 'activemq',
  level: 'high',
  title: { en: 'ActiveMQ with the passwords that it is shipped with', zh: 'ActiveMQ 使用默认口令' },
  description: {
    en: 'The console or the broker accepts passwords that everybody knows; the console can run code.',
    zh: '控制台或消息代理使用众所周知的默认口令；通过控制台可以执行代码。',
  },
  advice: {
    en: 'Change the passwords in `jetty-realm.properties` and `users.properties`, and restrict the console.',
    zh: '修改 jetty-realm.properties 与 users.properties 中的口令，并限制控制台访问。',
  },
  packages: /^(activemq|org\.apache\.activemq:activemq-broker|org\.apache\.activemq:artemis-server)$/,
  programs: ['activemq', 'artemis', 'activemq.jar'],
  sources: [users],
  judge(image, verdict) {
    for (const found of image.all(users)) {
      if (found.secret === 'default' || found.secret === 'empty') verdict.bad(image.evidence(found));
    }
    for (const name of ['ARTEMIS_PASSWORD', 'ACTIVEMQ_CONNECTION_PASSWORD', 'ACTIVEMQ_WEB_PASSWORD']) {
      if (knownPasswords.includes(image.env(name) ?? '-')) verdict.bad(image.envEvidence(name, '(default)'));
    }
  },
};
