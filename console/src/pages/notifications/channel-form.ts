import type { Schema } from '../../api/client.ts';

type Channel = Schema<'NotificationChannel'>;
type NewChannel = Schema<'NewNotificationChannelInput'>;
type Change = Schema<'NotificationChannelChangeInput'>;

/** Kinds of channels. */
export const channelKinds = ['webhook', 'mail', 'slack', 'dingtalk', 'feishu', 'wecom'] as const;
export type ChannelKind = (typeof channelKinds)[number];
type Severity = Channel['minSeverity'];

/** Levels that a channel may begin with, the worst first; the last means all. */
export const channelSeverities: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'negligible', 'unknown'];

/** A channel while it is written: every field of every kind, as text. Secrets are empty until they are typed anew. */
export interface ChannelForm {
  readonly name: string;
  readonly kind: ChannelKind;
  readonly url: string;
  readonly secret: string;
  readonly dropSecret: boolean;
  readonly host: string;
  readonly port: string;
  readonly security: 'tls' | 'starttls' | 'none';
  readonly username: string;
  readonly password: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly ca: string;
  readonly events: readonly Channel['events'][number][];
  readonly minSeverity: Severity;
  readonly projects: readonly number[];
  readonly repositories: readonly string[];
  readonly quiet: boolean;
  readonly zone: string;
  readonly quietFrom: string;
  readonly quietTo: string;
  readonly criticalBreaksThrough: boolean;
}

const blank: ChannelForm = {
  ...{ name: '', kind: 'webhook', url: '', secret: '', dropSecret: false },
  ...{ host: '', port: '', security: 'starttls', username: '', password: '', from: '', to: [], ca: '' },
  ...{ events: ['vulnerability.new', 'fix.failed', 'scan.failed', 'registry.unreachable'], minSeverity: 'high' },
  ...{ projects: [], repositories: [] },
  ...{ quiet: false, zone: 'UTC', quietFrom: '22:00', quietTo: '07:00', criticalBreaksThrough: true },
};

/** The form of a channel; of a new one when there is none. @param zone of the user, for new quiet hours */
export function formOf(channel: Channel | null, zone: string): ChannelForm {
  if (channel === null) return { ...blank, zone };
  const { target, quietHours } = channel;
  const mail =
    target.kind === 'mail'
      ? {
          ...{ host: target.host, port: String(target.port), security: target.security },
          ...{ username: target.username ?? '', from: target.from, to: target.to },
        }
      : {};
  return {
    ...{ ...blank, zone },
    ...{ name: channel.name, kind: target.kind, ca: target.ca ?? '', events: channel.events },
    ...{ minSeverity: channel.minSeverity, projects: channel.projects ?? [], repositories: channel.repositories },
    ...mail,
    ...(quietHours === null
      ? {}
      : {
          ...{ quiet: true, zone: quietHours.zone, quietFrom: quietHours.from, quietTo: quietHours.to },
          criticalBreaksThrough: quietHours.criticalBreaksThrough,
        }),
  };
}

/** What both bodies have beside the target. */
function shared(form: ChannelForm) {
  return {
    name: form.name.trim(),
    events: [...form.events],
    minSeverity: form.minSeverity,
    projects: form.projects.length === 0 ? null : [...form.projects],
    repositories: [...form.repositories],
    quietHours: form.quiet
      ? {
          ...{ zone: form.zone, from: form.quietFrom, to: form.quietTo },
          criticalBreaksThrough: form.criticalBreaksThrough,
        }
      : null,
  };
}

function mailOf(form: ChannelForm) {
  return {
    ...{
      kind: 'mail' as const,
      host: form.host.trim(),
      security: form.security,
      from: form.from.trim(),
      to: [...form.to],
    },
    ...(form.port.trim() === '' ? {} : { port: Number(form.port) }),
    username: form.username.trim() === '' ? null : form.username.trim(),
    ca: form.ca.trim() === '' ? null : form.ca,
  };
}

/** The body that makes the channel. */
export function newChannelOf(form: ChannelForm): NewChannel {
  const { kind, url, secret } = form;
  const ca = form.ca.trim() === '' ? {} : { ca: form.ca };
  if (kind === 'mail') {
    const password = form.password === '' ? {} : { password: form.password };
    return { ...shared(form), target: { ...mailOf(form), ...password } };
  }
  if (kind === 'webhook') return { ...shared(form), target: { kind, url, secret, ...ca } };
  if (kind === 'slack' || kind === 'wecom') return { ...shared(form), target: { kind, url, ...ca } };
  return { ...shared(form), target: { kind, url, ...(secret === '' ? {} : { secret }), ...ca } };
}

/** The body that changes the channel: addresses and secrets only where they were typed anew. */
export function changeOf(form: ChannelForm): Change {
  const { kind } = form;
  const url = form.url === '' ? {} : { url: form.url };
  const ca = { ca: form.ca.trim() === '' ? null : form.ca };
  const secret = form.secret === '' ? {} : { secret: form.secret };
  if (kind === 'mail') {
    const password = form.dropSecret ? { password: null } : form.password === '' ? {} : { password: form.password };
    return { ...shared(form), target: { ...mailOf(form), ...password } };
  }
  if (kind === 'webhook') return { ...shared(form), target: { kind, ...url, ...secret, ...ca } };
  if (kind === 'slack' || kind === 'wecom') return { ...shared(form), target: { kind, ...url, ...ca } };
  return { ...shared(form), target: { kind, ...url, ...(form.dropSecret ? { secret: null } : secret), ...ca } };
}

/** Whether enough is filled in to send it. */
export function isComplete(form: ChannelForm, isNew: boolean): boolean {
  if (form.name.trim() === '' || form.events.length === 0) return false;
  if (form.kind === 'mail') return form.host.trim() !== '' && form.from.trim() !== '' && form.to.length > 0;
  if (!isNew) return true;
  return form.url !== '' && (form.kind !== 'webhook' || form.secret.length >= 16);
}
