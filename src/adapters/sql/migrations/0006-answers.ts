import type { Migration } from './migration.ts';

/** Answers of the native API that are kept for repetitions of their request. */
export const answers: Migration = {
  version: 6,
  name: '0006-answers',
  statements: ({ I32, TXT, DOC, TS, table }) => [
    // body: null when it held a secret.
    table(
      'kept_answer',
      `key ${TXT} PRIMARY KEY`,
      `fingerprint ${TXT} NOT NULL`,
      `status ${I32} NOT NULL`,
      `headers ${DOC} NOT NULL`,
      `body ${TXT}`,
      `expires_at ${TS} NOT NULL`,
    ),
    'CREATE INDEX kept_answer_end ON kept_answer (expires_at)',
  ],
};
