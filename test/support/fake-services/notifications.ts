import { notificationEvents } from '../../../src/notify/index.ts';
import {
  type ChannelTarget,
  type NewChannelTarget,
  type NotificationChannel,
  type NotificationDelivery,
  type NotificationService,
  ServiceError,
} from '../../../src/service/index.ts';
import { paged } from './matching.ts';

/** Channels that are stored and sent nothing. */
export function fakeNotifications(
  channels: NotificationChannel[],
  deliveries: NotificationDelivery[],
  now: () => number,
): NotificationService {
  const replace = (channel: NotificationChannel): NotificationChannel => {
    channels[channels.findIndex(({ id }) => id === channel.id)] = channel;
    return channel;
  };
  return {
    events: () => notificationEvents,
    add: async (_call, { target, ...given }) => {
      if (channels.some(({ name }) => name === given.name)) {
        throw new ServiceError('name_taken', 'the name is taken', { field: 'name' });
      }
      const channel: NotificationChannel = {
        ...{ enabled: true, minSeverity: 'high', projects: null, repositories: [], quietHours: null },
        ...given,
        ...{ id: channels.length + 1, target: shown(target), waiting: 0, dead: 0, lastDeliveredAt: null },
        ...{ createdAt: now(), updatedAt: now() },
      };
      channels.push(channel);
      return channel;
    },
    update: async (_call, id, { target, ...change }) => {
      const found = channels.find((channel) => channel.id === id);
      if (found === undefined) return null;
      return replace({ ...found, ...change, ...(target && { target: shown(target) }), updatedAt: now() });
    },
    remove: async (_call, id) => {
      const at = channels.findIndex((channel) => channel.id === id);
      if (at >= 0) channels.splice(at, 1);
      return at >= 0;
    },
    get: async (_call, id) => channels.find((channel) => channel.id === id) ?? null,
    page: async (_call, page) => paged(channels, page),
    test: async (_call, id) =>
      channels.some((channel) => channel.id === id)
        ? { delivered: true, httpStatus: 200, failure: null, durationMs: 5 }
        : null,
    deliveries: async (_call, { channelId, states, page }) =>
      paged(
        deliveries.filter(
          (one) => (channelId ?? one.channelId) === one.channelId && (states ?? [one.state]).includes(one.state),
        ),
        page,
      ),
    replay: async (_call, id) => {
      const found = deliveries.find((delivery) => delivery.id === id);
      if (found === undefined) return null;
      if (found.state !== 'dead') throw new ServiceError('conflict', 'it was not given up');
      const again: NotificationDelivery = { ...found, state: 'waiting', attempts: 0, nextAt: now(), finishedAt: null };
      deliveries[deliveries.indexOf(found)] = again;
      return again;
    },
  };
}

function shown(target: NewChannelTarget): ChannelTarget {
  const { ca = null } = target;
  if (target.kind !== 'mail') {
    const { kind, url = 'https://there.example/', secret } = target;
    return { kind, url: new URL(url).origin, hasSecret: typeof secret === 'string', ca };
  }
  const { kind, host = '', port = 587, security = 'starttls', username = null, password, from = '', to = [] } = target;
  return { kind, host, port, security, username, hasPassword: typeof password === 'string', from, to, ca };
}
