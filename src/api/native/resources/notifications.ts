import { z } from 'zod';
import { found, missing } from '../errors.ts';
import { type Route, route } from '../route.ts';
import { idParam, listOf, noBody, pageJson, pageOf, pageQuery, pageSchema, present } from '../schemas/common.ts';
import {
  channelChangeSchema,
  channelJson,
  channelSchema,
  deliveryJson,
  deliverySchema,
  deliveryState,
  eventKindsSchema,
  newChannelSchema,
  testOutcomeSchema,
} from '../schemas/notification.ts';

const id = z.strictObject({ id: idParam });
/** Channels belong to the installation: whoever sets one up decides where news of every project go. */
const reading = { access: 'drydock:notification:read', global: true, tag: 'notifications' } as const;
const writing = { ...reading, access: 'drydock:notification:write' } as const;

const events = route({
  ...reading,
  method: 'GET',
  path: '/notification-events',
  summary: 'Kinds of events that a channel can subscribe to',
  answer: eventKindsSchema,
  handle: async ({ deps }) => ({ items: deps.services.notifications.events() }),
});

const list = route({
  ...reading,
  method: 'GET',
  path: '/notification-channels',
  summary: 'Channels',
  query: z.strictObject(pageQuery),
  answer: pageSchema('NotificationChannel', channelSchema),
  handle: async ({ query, call, deps }) =>
    pageJson(await deps.services.notifications.page(call, pageOf(query)), channelJson),
});

const add = route({
  ...writing,
  method: 'POST',
  path: '/notification-channels',
  status: 201,
  etag: true,
  summary: 'Set up a channel; it is told what happens from now on',
  body: newChannelSchema,
  answer: channelSchema,
  handle: async ({ body, call, deps, reply }) => {
    const target = present(body.target);
    const channel = await deps.services.notifications.add(call, { ...present(body), target });
    reply.header('location', `/api/v1/notification-channels/${channel.id}`);
    return channelJson(channel);
  },
});

const get = route({
  ...reading,
  method: 'GET',
  path: '/notification-channels/:id',
  etag: true,
  summary: 'One channel',
  params: id,
  answer: channelSchema,
  handle: async ({ params, call, deps }) =>
    channelJson(found(await deps.services.notifications.get(call, params.id), 'channel')),
});

const change = route({
  ...writing,
  method: 'PATCH',
  path: '/notification-channels/:id',
  etag: true,
  summary: 'Change a channel; secrets that are left out stay, and a password must be given again for another server',
  params: id,
  body: channelChangeSchema,
  answer: channelSchema,
  handle: async ({ params, body: { target, ...rules }, call, deps }) => {
    const given = { ...present(rules), ...(target !== undefined && { target: present(target) }) };
    return channelJson(found(await deps.services.notifications.update(call, params.id, given), 'channel'));
  },
});

const remove = route({
  ...writing,
  method: 'DELETE',
  path: '/notification-channels/:id',
  status: 204,
  etag: true,
  summary: 'Take a channel and its deliveries away',
  params: id,
  handle: async ({ params, call, deps }) => {
    if (!(await deps.services.notifications.remove(call, params.id))) throw missing('channel');
  },
});

const test = route({
  ...writing,
  method: 'POST',
  path: '/notification-channels/:id/test',
  summary: 'Send a test message now and say how it fared',
  params: id,
  body: noBody,
  answer: testOutcomeSchema,
  handle: async ({ params, call, deps }) => found(await deps.services.notifications.test(call, params.id), 'channel'),
});

const deliveries = route({
  ...reading,
  method: 'GET',
  path: '/notification-deliveries',
  summary: 'Messages and what became of them, newest first',
  query: z.strictObject({ channel: idParam.optional(), state: listOf(deliveryState).optional(), ...pageQuery }),
  answer: pageSchema('NotificationDelivery', deliverySchema),
  handle: async ({ query, call, deps }) => {
    const wanted = { ...present({ channelId: query.channel, states: query.state }), page: pageOf(query) };
    return pageJson(await deps.services.notifications.deliveries(call, wanted), deliveryJson);
  },
});

const replay = route({
  ...writing,
  method: 'POST',
  path: '/notification-deliveries/:id/replay',
  status: 202,
  summary: 'Try a message again that was given up',
  params: id,
  body: noBody,
  answer: deliverySchema,
  handle: async ({ params, call, deps }) =>
    deliveryJson(found(await deps.services.notifications.replay(call, params.id), 'delivery')),
});

/** Channels, and what was sent to them. */
export const notificationRoutes: readonly Route[] = [
  ...[events, list, add, get, change, remove, test],
  ...[deliveries, replay],
];
