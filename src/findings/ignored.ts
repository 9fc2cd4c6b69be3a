/** Why a finding does not count although it is there. */
export interface Ignored {
  readonly reason: string;
  readonly by: string;
  /** RFC 3339; null = for good. */
  readonly until: string | null;
  /** What decided: a rule of this installation or its files (absent = that), or a VEX document. */
  readonly vex?: {
    readonly status: 'not_affected' | 'fixed' | 'under_investigation';
    /** One of the justifications of VEX, null when only a statement of impact was given. */
    readonly justification: string | null;
    /** Id of the document. */
    readonly document: string;
  };
}
