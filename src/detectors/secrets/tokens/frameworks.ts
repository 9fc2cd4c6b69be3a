import type { ContentRule } from '../contract.ts';
import { patternRule } from '../engine/pattern-rule.ts';
import { assigned } from './assigned.ts';

/** Whether a JSON Web Token's header and body are JSON objects and the body says that a cluster issued it. */
function isClusterToken(token: string): boolean {
  const [header = '', body = ''] = token.split('.');
  const claims = decoded(body);
  return (
    decoded(header)?.alg !== undefined && /^kubernetes|svc\.cluster\.local|serviceaccount/.test(String(claims?.iss))
  );
}

function decoded(part: string): { readonly alg?: unknown; readonly iss?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Secrets of frameworks and tools whose shape and name say enough in any file. */
export const frameworkRules: readonly ContentRule[] = [
  patternRule({
    ...{ key: 'rails_app_token', minEntropy: 3, after: 300 },
    keywords: ['secret_key_base', 'secret_token'],
    pattern: assigned('secret_key_base|secret_token', '[a-f0-9]{64,128}'),
  }),
  patternRule({
    ...{ key: 'sshpasswd', level: 'medium' },
    keywords: ['sshpass'],
    pattern: /sshpass\s{1,3}-p\s{0,3}(?<quote>["']?)(?<value>[^\s"'$`\\]{4,100})/g,
  }),
  patternRule({
    ...{ id: 'kubernetes_dashboard_cred/token', key: 'kubernetes_dashboard_cred', after: 2048, minEntropy: 4 },
    keywords: ['eyjhbgcioi'],
    pattern: /(?<![\w-])(?<value>eyJhbGciOi[\w-]{10,200}\.eyJ[\w-]{20,1600}\.[\w-]{40,700})(?![\w-])/g,
    judge: (value) => (isClusterToken(value) ? 'high' : null),
  }),
];
