import { createHmac } from 'node:crypto';
import type { HttpKind, SeverityLevel } from '../contract.ts';
import { cut, fitLines, unlinked } from '../text.ts';
import { footText, itemText, tidied } from '../words.ts';
import { robotRefusal } from './robot-answer.ts';

/** Feishu takes bodies up to 20 KiB. */
const listBytes = 8_000;
const factsLength = 2_000;

const colours: Readonly<Partial<Record<SeverityLevel, string>>> = { critical: 'red', high: 'orange', medium: 'yellow' };
const plain = (content: string) => ({ tag: 'plain_text', content });
const block = (content: string) => ({ tag: 'div', text: plain(content) });

/**
 * A custom robot of Feishu or Lark: an interactive card, whose texts are `plain_text` and know no markup and no mentions.
 * With a secret the body carries a timestamp in seconds and a signature; refusals come with status 200 and a `code`
 * (`StatusCode` of older installations).
 */
export const feishuKind: HttpKind = {
  id: 'feishu',
  perMinute: 90,
  compose(message, { url, secret }, { now, link }) {
    const { title, facts, items, more, severity, ...rest } = tidied(message);
    const lines = items.map((item) => unlinked(itemText(item)));
    const list = fitLines(lines, more, listBytes, jsonBytes).lines;
    const elements = [
      ...(facts.length > 0
        ? [block(cut(facts.map(([name, value]) => unlinked(`${name}: ${value}`)).join('\n'), factsLength))]
        : []),
      ...(list.length > 0 ? [block(list.join('\n'))] : []),
      ...(link === null
        ? []
        : [{ tag: 'action', actions: [{ tag: 'button', text: plain('Open Drydock'), type: 'default', url: link }] }]),
      { tag: 'note', elements: [plain(footText(rest))] },
    ];
    const timestamp = String(Math.floor(now / 1000));
    return {
      url: new URL(url),
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        ...(secret !== null && { timestamp, sign: feishuSignature(secret, timestamp) }),
        msg_type: 'interactive',
        card: {
          config: { wide_screen_mode: true },
          header: { title: plain(unlinked(title)), template: (severity && colours[severity]) || 'blue' },
          elements,
        },
      }),
    };
  },
  refusal: (answer) => robotRefusal(answer, ['code', 'StatusCode'], ['msg', 'StatusMessage']),
};

/** Base64 of HMAC-SHA256 over nothing, with timestamp, line feed and secret as key. */
export function feishuSignature(secret: string, timestamp: string): string {
  return createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64');
}

function jsonBytes(line: string): number {
  return Buffer.byteLength(JSON.stringify(line));
}
