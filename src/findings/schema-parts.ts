import { z } from 'zod';

/* What the published forms of both reports are made of; like them, they are loaded only when needed. */

/** `sha256:…` or `sha512:…`, in lower case. */
export const digest = z
  .string()
  .regex(/^(sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/)
  .describe('Digest with its algorithm.');

/** A time as JavaScript writes it: RFC 3339 in UTC. */
export const time = z
  .string()
  .regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
  .meta({ format: 'date-time', description: 'RFC 3339 in UTC.' });

/** A count or another whole number from zero on. */
export const number = z.int().min(0);
