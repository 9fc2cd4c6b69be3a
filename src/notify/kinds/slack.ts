import type { HttpKind } from '../contract.ts';
import { cut, fitLines, unlinked } from '../text.ts';
import { footText, itemText, tidied } from '../words.ts';

/** Slack takes 150 characters in a header and 3,000 in a section; whole messages are refused from about 13,000 on. */
const headerLength = 150;
const sectionLength = 2_900;
const factsLength = 2_900;

const plain = (text: string) => ({ type: 'plain_text', text, emoji: false });
const section = (text: string) => ({ type: 'section', text: plain(text) });

/**
 * An incoming webhook of Slack. Texts go into `plain_text` objects, which know neither markup nor mentions nor links; the
 * one text that Slack reads as markup, for notifications, is escaped.
 */
export const slackKind: HttpKind = {
  id: 'slack',
  perMinute: 50,
  compose(message, { url }, { link }) {
    const { title, facts, items, more, ...rest } = tidied(message);
    const lines = items.map((item) => unlinked(itemText(item)));
    const list = fitLines(lines, more, sectionLength, (line) => line.length + 1).lines;
    const blocks = [
      { type: 'header', text: plain(cut(unlinked(title), headerLength)) },
      ...(facts.length > 0
        ? [section(cut(facts.map(([name, value]) => unlinked(`${name}: ${value}`)).join('\n'), factsLength))]
        : []),
      ...(list.length > 0 ? [section(list.join('\n'))] : []),
      ...(link === null
        ? []
        : [{ type: 'actions', elements: [{ type: 'button', text: plain('Open Drydock'), url: link }] }]),
      { type: 'context', elements: [plain(footText(rest))] },
    ];
    return {
      url: new URL(url),
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ text: slackText(unlinked(title)), blocks, unfurl_links: false, unfurl_media: false }),
    };
  },
  refusal: () => null,
};

/** The three characters that Slack's markup begins with. */
export function slackText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
