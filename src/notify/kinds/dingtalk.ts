import { createHmac } from 'node:crypto';
import type { HttpKind } from '../contract.ts';
import { cut, plainLine, unmarked } from '../text.ts';
import { markdownText } from './markdown.ts';
import { robotRefusal } from './robot-answer.ts';

/** DingTalk takes bodies up to 20,000 bytes; JSON may double quotation marks and adds the rest. */
const textBytes = 9_500;

/**
 * A custom robot of a DingTalk group. With a secret the address gets a timestamp in ms and a signature; refusals come with
 * status 200 and an `errcode`. Nobody is ever mentioned.
 */
export const dingtalkKind: HttpKind = {
  id: 'dingtalk',
  perMinute: 18,
  compose(message, { url, secret }, wording) {
    const address = new URL(url);
    if (secret !== null) {
      const timestamp = String(wording.now);
      address.searchParams.set('timestamp', timestamp);
      address.searchParams.set('sign', dingtalkSignature(secret, timestamp));
    }
    return {
      url: address,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        msgtype: 'markdown',
        markdown: {
          title: cut(unmarked(plainLine(message.title, 100)), 100),
          text: markdownText(message, wording, textBytes, '\n\n'),
        },
        at: { isAtAll: false },
      }),
    };
  },
  refusal: (answer) => robotRefusal(answer, ['errcode'], ['errmsg']),
};

/** Base64 of HMAC-SHA256 over timestamp, line feed and secret, with the secret as key; the query encodes it. */
export function dingtalkSignature(secret: string, timestamp: string): string {
  return createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64');
}
