import type { ServiceRule } from '../contract.ts';
import { properties } from '../formats/lines.ts';
import { isLocal } from '../hosts.ts';
import type { ConfigSource } from '../source.ts';

const config: ConfigSource = {
  id: 'kafka',
  files: [
    'kafka/config/server.properties',
    'kraft/server.properties',
    'kafka/server.properties',
    'config/server.properties',
  ],
  parse: properties,
  keep: [
    [/^(listeners|listener\.security\.protocol\.map|authorizer\.class\.name|process\.roles|broker\.id)$/, 'plain'],
  ],
};

/** Listeners that speak plain text to others than this machine. */
function openListeners(listeners: string, protocols: string): string[] {
  const plain = new Set(
    protocols
      .split(',')
      .map((pair) => pair.trim().split(':'))
      .filter(([, protocol]) => protocol?.toUpperCase() === 'PLAINTEXT')
      .map(([name]) => name ?? ''),
  );
  return listeners
    .split(',')
    .map((listener) => listener.trim())
    .filter((listener) => {
      const name = listener.split('://', 1)[0] ?? '';
      // Controllers speak among each other.
      if (name === 'CONTROLLER') return false;
      return (name === 'PLAINTEXT' || plain.has(name)) && !isLocal(listener);
    });
}

/** SV-012. */
export const kafka: ServiceRule = {
  id: 'SV-012',
  service: 'kafka',
  level: 'medium',
  title: { en: 'Kafka serves everybody in plain text', zh: 'Kafka 未授权访问' },
  description: {
    en: 'A plain-text listener on an open address and no authorizer: everybody reads and writes all topics.',
    zh: '在开放地址上使用 PLAINTEXT 监听且没有授权器：任何人都可以读写所有主题。',
  },
  advice: {
    en: 'Use SASL_SSL listeners and set `authorizer.class.name`.',
    zh: '使用 SASL_SSL 监听，并设置 authorizer.class.name。',
  },
  packages: /^(kafka|confluent-kafka|confluent-server)$/,
  programs: ['kafka-server-start.sh', 'kafka-server-start'],
  sources: [config],
  judge(image, verdict) {
    const authorizer = image.last(config, 'authorizer.class.name')?.value ?? '';
    if (authorizer !== '' || image.envSet('KAFKA_AUTHORIZER_CLASS_NAME') !== undefined) return;
    const map =
      image.env('KAFKA_LISTENER_SECURITY_PROTOCOL_MAP') ??
      image.last(config, 'listener.security.protocol.map')?.value ??
      '';
    const variable = image.env('KAFKA_LISTENERS');
    if (variable !== undefined) {
      const open = openListeners(variable, map);
      if (open.length > 0) verdict.bad(image.envEvidence('KAFKA_LISTENERS', open.join(',')));
      return;
    }
    const expected = image.expected('KAFKA_LISTENERS', 'KAFKA_ADVERTISED_LISTENERS');
    if (expected !== undefined) verdict.atRuntime(expected);
    const found = image.last(config, 'listeners');
    if (found === undefined) {
      verdict.byDefault(image.here('no listeners: plain text on all addresses'));
    } else if (openListeners(found.value ?? '', map).length > 0) verdict.bad(image.evidence(found));
  },
};
