/** Where a reader of shell text is. Everything only ever moves forward: reading takes time in proportion to the text. */
export class Cursor {
  readonly text: string;
  at = 0;
  /** False once something did not end that should have. */
  complete = true;

  constructor(text: string) {
    this.text = text;
  }

  /** The character here, or after some more; empty behind the end. */
  peek(ahead = 0): string {
    return this.text.charAt(this.at + ahead);
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** Whether the text goes on with this. */
  sees(text: string): boolean {
    return this.text.startsWith(text, this.at);
  }

  /** Everything up to the next of a character, which is passed over; the rest of the text when there is none. */
  until(end: string): string {
    const found = this.text.indexOf(end, this.at);
    const to = found < 0 ? this.text.length : found;
    if (found < 0) this.complete = false;
    const taken = this.text.slice(this.at, to);
    this.at = to + (found < 0 ? 0 : 1);
    return taken;
  }
}
