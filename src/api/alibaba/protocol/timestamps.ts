import { refusal } from '../errors.ts';

/** Timestamps may differ from the server's time by so many milliseconds, either way. */
export const timeWindowMs = 15 * 60 * 1000;

/**
 * Reads `YYYY-MM-DDThh:mm:ssZ` and checks its age.
 * @throws RpcError `InvalidTimeStamp.Format`, `InvalidTimeStamp.Expired`
 */
export function checkTimestamp(text: string, now: number): void {
  const wellFormed = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(text);
  const at = wellFormed ? Date.parse(text) : Number.NaN;
  // Date.parse turns 31 February into 3 March.
  if (Number.isNaN(at) || new Date(at).toISOString() !== text.replace('Z', '.000Z')) {
    throw refusal('InvalidTimeStamp.Format');
  }
  if (Math.abs(now - at) > timeWindowMs) throw refusal('InvalidTimeStamp.Expired');
}
