/** A reply of a session: the number of the command that it answers, and the text behind it. */
export interface NumberedReply {
  /** Null where the reply carries none: it answers nothing that was asked. */
  readonly number: number | null;
  readonly text: string;
}

/** A reply is a line of a few hundred characters. */
const replyBytes = 4096;

/** Cuts what a daemon sends into replies, each ended by a zero byte. */
export class ReplyReader {
  #held: Buffer = Buffer.alloc(0);

  /** The replies that are complete now; `undefined` when one is longer than any reply may be. */
  feed(bytes: Uint8Array): readonly NumberedReply[] | undefined {
    const replies: NumberedReply[] = [];
    let rest: Buffer = this.#held.length === 0 ? Buffer.from(bytes) : Buffer.concat([this.#held, bytes]);
    for (let end = rest.indexOf(0); end >= 0; end = rest.indexOf(0)) {
      if (end > replyBytes) return undefined;
      replies.push(numbered(rest.toString('utf8', 0, end)));
      rest = rest.subarray(end + 1);
    }
    if (rest.length > replyBytes) return undefined;
    this.#held = rest;
    return replies;
  }
}

function numbered(text: string): NumberedReply {
  const [, number, rest] = /^([0-9]{1,10}): ?(.*)$/s.exec(text) ?? [];
  return number === undefined ? { number: null, text } : { number: Number(number), text: rest ?? '' };
}
