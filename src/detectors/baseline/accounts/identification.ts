import { checksOf } from '../define-check.ts';

/** Makes a check of the class of accounts and passwords. */
export const identificationCheck = checksOf('identification', 'identification');
