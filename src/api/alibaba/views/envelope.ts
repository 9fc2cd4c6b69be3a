import type { Body } from '../action.ts';

/** `Code`, `Message`, `Success` and `HttpStatusCode` of the operations that have them. */
export const successEnvelope: Body = { Code: '200', Message: 'successful', Success: true, HttpStatusCode: 200 };
