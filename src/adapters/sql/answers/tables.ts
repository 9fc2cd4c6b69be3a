/** Tables of 0006-answers. */
export interface AnswerTables {
  /** `headers` is JSON. */
  kept_answer: {
    key: string;
    fingerprint: string;
    status: number;
    headers: string;
    body: string | null;
    expires_at: number;
  };
}
