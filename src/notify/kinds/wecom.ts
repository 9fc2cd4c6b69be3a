import type { HttpKind } from '../contract.ts';
import { markdownText } from './markdown.ts';
import { robotRefusal } from './robot-answer.ts';

/** Bytes that WeCom takes in the text of a Markdown message. */
const textBytes = 4_096;

/** A group robot of WeCom; refusals come with status 200 and an `errcode`. `<@user>` would mention: no `<` is left. */
export const wecomKind: HttpKind = {
  id: 'wecom',
  perMinute: 18,
  compose: (message, { url }, wording) => ({
    url: new URL(url),
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify({
      msgtype: 'markdown',
      markdown: { content: markdownText(message, wording, textBytes, '\n') },
    }),
  }),
  refusal: (answer) => robotRefusal(answer, ['errcode'], ['errmsg']),
};
