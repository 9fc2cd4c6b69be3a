import type { ChannelKindId, HttpKind } from './contract.ts';
import { dingtalkKind } from './kinds/dingtalk.ts';
import { feishuKind } from './kinds/feishu.ts';
import { mailsPerMinute } from './kinds/mail.ts';
import { slackKind } from './kinds/slack.ts';
import { webhookKind } from './kinds/webhook.ts';
import { wecomKind } from './kinds/wecom.ts';

/** Every kind of channel that is posted to; mail, the one that is not, has a transport of its own. */
const httpKinds: readonly HttpKind[] = [webhookKind, slackKind, dingtalkKind, feishuKind, wecomKind];

/** The kind of that name. */
export function httpKind(id: Exclude<ChannelKindId, 'mail'>): HttpKind {
  const found = httpKinds.find((kind) => kind.id === id);
  if (found === undefined) throw new TypeError(`no kind of channel is called ${id}`);
  return found;
}

/** How many messages a channel of a kind takes in a minute. */
export function perMinute(id: ChannelKindId): number {
  return id === 'mail' ? mailsPerMinute : httpKind(id).perMinute;
}
