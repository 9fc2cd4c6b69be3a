import type { Sealer } from '../../access/index.ts';
import { NotifyError, type OpenTarget } from '../../notify/index.ts';
import type { ChannelTarget } from '../contract/notifications.ts';
import type { ChannelRecord } from './ports.ts';

/** What of a target is secret: the whole address of what is posted to, for most services keep their token in it. */
export interface TargetSecrets {
  readonly url: string | null;
  readonly secret: string | null;
  readonly password: string | null;
}

/** Seals for this place only: sealed bytes of another kind of row do not open here. */
const context = 'notification_channel';

/** Seals the secrets of a channel. */
export function sealSecrets(sealer: Sealer, secrets: TargetSecrets): Uint8Array {
  return sealer.seal(Buffer.from(JSON.stringify(secrets), 'utf8'), context);
}

/** Opens them. @throws AccessError */
export function openSecrets(sealer: Sealer, sealed: Uint8Array): TargetSecrets {
  return JSON.parse(Buffer.from(sealer.open(sealed, context)).toString('utf8')) as TargetSecrets;
}

/** A target with its secrets. @throws AccessError, NotifyError `channel_unusable` */
export function openTarget(sealer: Sealer, { target, sealed }: Pick<ChannelRecord, 'target' | 'sealed'>): OpenTarget {
  const { url, secret, password } = openSecrets(sealer, sealed);
  if (target.kind === 'mail') return mailTarget(target, password);
  if (url === null) throw new NotifyError('channel_unusable', 'the channel has no address', { retryable: false });
  return { kind: target.kind, url, secret, ca: target.ca };
}

function mailTarget(target: Extract<ChannelTarget, { kind: 'mail' }>, password: string | null): OpenTarget {
  const { hasPassword: _has, ...rest } = target;
  return { ...rest, password };
}
