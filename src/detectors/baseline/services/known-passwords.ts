import { commonPasswords } from '../accounts/guessing/common-passwords.data.ts';

/** Passwords that only products ship or their manuals show. */
const ofProducts = [
  ...[
    'passwd',
    's3cret',
    '<must-be-changed>',
    'both',
    'role1',
    'weblogic',
    'weblogic1',
    'jboss',
    'artemis',
    'activemq',
  ],
  ...['rabbitmq', 'nacos', 'grafana', 'kafka', 'couchdb', 'mongo', 'jupyter'],
];

/** Passwords that whoever tries to get into a service tries first. */
export const knownPasswords: readonly string[] = [...commonPasswords, ...ofProducts];
