/** Settings of this facade. */
export interface AlibabaSettings {
  /** Zone of formatted times: an offset such as `+08:00`, or an IANA name. */
  readonly timeZone: string;
  /** At least 32 random bytes, the same in all processes and kept over restarts: signs download links. */
  readonly linkKey: Uint8Array;
  /** ms that a download link is good for. */
  readonly linkMs: number;
  /** `https://drydock.example`, where links point when clients reach Drydock by another name; null = as addressed. */
  readonly publicUrl: string | null;
  /** State of a fix that kept some findings: `3` failed, or `2` successful. */
  readonly partialFixStatus: 2 | 3;
}

/** Settings that need no decision; only the key has no default. */
export const defaultAlibabaSettings: Omit<AlibabaSettings, 'linkKey'> = {
  timeZone: '+08:00',
  linkMs: 15 * 60 * 1000,
  publicUrl: null,
  partialFixStatus: 3,
};
