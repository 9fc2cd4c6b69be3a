import { createHmac } from 'node:crypto';
import type { HttpKind } from '../contract.ts';
import { NotifyError } from '../errors.ts';
import { tidied } from '../words.ts';

/**
 * A program of somebody: the message as JSON. The signature is HMAC-SHA256 over timestamp, a dot and the body as sent, with
 * the secret of the channel; the timestamp keeps old messages from being sent again by others.
 */
export const webhookKind: HttpKind = {
  id: 'webhook',
  perMinute: 600,
  compose(message, { url, secret }, { now, link }) {
    if (secret === null) throw new NotifyError('channel_unusable', 'the channel has no secret', { retryable: false });
    const { id, event, at, title, severity, projectId, facts, items, more } = tidied(message);
    const body = JSON.stringify({
      ...{ id, event, at: new Date(at).toISOString(), title, severity, projectId },
      facts: facts.map(([name, value]) => ({ name, value })),
      ...{ items, more, url: link },
    });
    const timestamp = String(Math.floor(now / 1000));
    return {
      url: new URL(url),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'x-drydock-event': event,
        'x-drydock-event-id': id,
        'x-drydock-timestamp': timestamp,
        'x-drydock-signature': `v1=${webhookSignature(secret, timestamp, body)}`,
      },
      body,
    };
  },
  refusal: () => null,
};

/** Hex HMAC-SHA256 over `<timestamp>.<body>`. */
export function webhookSignature(secret: string, timestamp: string, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
}
