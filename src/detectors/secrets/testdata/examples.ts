/** A file in which a rule finds something, and one in which it does not. */
export interface Example {
  /** Default: `srv/app/settings.txt`. */
  readonly path?: string;
  readonly yes: string | Buffer;
  readonly no: string | Buffer;
  /** Where the second one lies, if it is elsewhere. */
  readonly noPath?: string;
}
