import { isIP } from 'node:net';
import type { Sealer } from '../../access/index.ts';
import { bareHost, CodedError, checkRemoteAddress, isLoopbackHost } from '../../kernel/index.ts';
import type { ChannelTarget, NewChannelTarget } from '../contract/notifications.ts';
import { ServiceError } from '../errors.ts';
import type { ChannelRecord } from './ports.ts';
import { openSecrets, sealSecrets, type TargetSecrets } from './secrets.ts';

/** What checks of a target need. */
export interface TargetDeps {
  readonly sealer: Sealer;
  /** CIDR ranges of loopback, link-local and metadata addresses that channels may have all the same. */
  readonly allowedAddresses: readonly string[];
}

type Stored = Pick<ChannelRecord, 'target' | 'sealed'>;
type HttpInput = Exclude<NewChannelTarget, { kind: 'mail' }>;
type MailInput = Extract<NewChannelTarget, { kind: 'mail' }>;
type MailView = Extract<ChannelTarget, { kind: 'mail' }>;

const none: TargetSecrets = { url: null, secret: null, password: null };
const shortestSecret = 16;
const standardPorts = { tls: 465, starttls: 587, none: 25 } as const;

/**
 * The target of a channel after a change, checked and with its secrets sealed.
 * @param before null = the channel is new
 * @throws ServiceError `invalid_field` naming the field, `address_denied`
 */
export function checkedTarget(input: NewChannelTarget, before: Stored | null, deps: TargetDeps): Stored {
  if (before !== null && before.target.kind !== input.kind) refuse('target.kind', 'cannot change; add another channel');
  const secrets = before === null ? none : openSecrets(deps.sealer, before.sealed);
  const made =
    input.kind === 'mail'
      ? mailTarget(input, (before?.target ?? null) as MailView | null, secrets, deps)
      : httpTarget(input, before?.target ?? null, secrets, deps);
  return { target: made.target, sealed: sealSecrets(deps.sealer, made.secrets) };
}

/** @throws ServiceError `invalid_field` */
export function refuse(field: string, why: string, cause?: unknown): never {
  throw new ServiceError('invalid_field', `${field} ${why}`, { field, cause });
}

interface Made {
  readonly target: ChannelTarget;
  readonly secrets: TargetSecrets;
}

function httpTarget(input: HttpInput, before: ChannelTarget | null, known: TargetSecrets, deps: TargetDeps): Made {
  const { kind } = input;
  const text = input.url ?? known.url;
  if (text === null) return refuse('target.url', 'is missing');
  const url = addressOf(text);
  checkHost(url.hostname, 'target.url', deps.allowedAddresses);
  const secret = input.secret === undefined ? known.secret : input.secret;
  if (kind === 'webhook' && (secret ?? '').length < shortestSecret) {
    refuse('target.secret', `must have ${shortestSecret} characters or more`);
  }
  if ((kind === 'slack' || kind === 'wecom') && secret !== null)
    refuse('target.secret', `is nothing that ${kind} knows`);
  const ca = certificates(input.ca, before);
  const target = { kind, url: url.origin, hasSecret: secret !== null, ca };
  return { target, secrets: { ...none, url: url.href, secret } };
}

function addressOf(text: string): URL {
  const url = URL.parse(text.trim());
  // The text is not repeated: it may hold a token.
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) {
    return refuse('target.url', 'must be an address that begins with https:// or http://');
  }
  if (url.username !== '' || url.password !== '') refuse('target.url', 'must not hold a user name or password');
  url.hash = '';
  return url;
}

function mailTarget(input: MailInput, before: MailView | null, known: TargetSecrets, deps: TargetDeps): Made {
  const security = input.security ?? before?.security ?? 'starttls';
  const host = bareHost(input.host ?? before?.host ?? refuse('target.host', 'is missing'));
  if (!/^[a-z0-9._:-]{1,255}$/.test(host)) refuse('target.host', 'must be the name or address of a server');
  checkHost(host, 'target.host', deps.allowedAddresses);
  const password = input.password === undefined ? known.password : input.password;
  const target: MailView = {
    kind: 'mail',
    host,
    port: input.port ?? before?.port ?? standardPorts[security],
    security,
    username: input.username === undefined ? (before?.username ?? null) : input.username,
    hasPassword: password !== null,
    from: mailbox('target.from', input.from ?? before?.from),
    to: (input.to ?? before?.to ?? []).map((to) => mailbox('target.to', to)),
    ca: certificates(input.ca, before),
  };
  if (target.to.length === 0) refuse('target.to', 'must name a recipient');
  if (target.username === null && password !== null) refuse('target.username', 'is missing');
  if (security === 'none' && password !== null) refuse('target.security', 'none would send the password in the clear');
  if (input.password === undefined && before !== null && redirects(before, target)) {
    refuse('target.password', 'must be given again when the server, its security or the user changes');
  }
  return { target, secrets: { ...none, password } };
}

/** Whether a stored password would go somewhere else: whoever may edit a channel could have it sent to a server of his own. */
function redirects(before: MailView, after: MailView): boolean {
  if (!before.hasPassword) return false;
  const parts = ['host', 'port', 'security', 'username', 'ca'] as const;
  return parts.some((part) => before[part] !== after[part]);
}

/** One address, bare or as `Name <address>`; nothing in it can begin another header or command. */
function mailbox(field: string, text: string | undefined): string {
  const value = text?.trim() ?? '';
  const address = /^(?:[^<>,;:"\\\x00-\x1f\x7f]{0,200} )?<([^<>]+)>$/.exec(value)?.[1] ?? value;
  if (value.length > 320 || !/^[^\s<>,;:"\\()[\]@\x00-\x1f\x7f]{1,64}@[A-Za-z0-9.-]{1,255}$/.test(address)) {
    refuse(field, 'must be a mail address');
  }
  return value;
}

function certificates(ca: string | null | undefined, before: ChannelTarget | null): string | null {
  if (ca === undefined) return before?.ca ?? null;
  if (ca === null || ca === '') return null;
  return ca.includes('-----BEGIN CERTIFICATE-----') ? ca : refuse('target.ca', 'must hold certificates as PEM');
}

/** Names are checked again whenever they are resolved: this only tells early what can be told. */
function checkHost(name: string, field: string, allowed: readonly string[]): void {
  const host = bareHost(name);
  const address = isIP(host) !== 0 ? host : isLoopbackHost(host) ? '127.0.0.1' : null;
  if (address === null) return;
  try {
    checkRemoteAddress(host, address, allowed);
  } catch (cause) {
    if (!(cause instanceof CodedError)) throw cause;
    const hint = 'The administrator can allow its network with DRYDOCK_REGISTRY_ALLOW.';
    throw new ServiceError('address_denied', cause.message, { field, hint, cause });
  }
}
