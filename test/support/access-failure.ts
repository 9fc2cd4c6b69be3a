import { CodedError } from '../../src/kernel/index.ts';

/** What access control throws at a sign-in that fails. */
export class AccessFailure extends CodedError<'bad_credentials' | 'locked'> {}
