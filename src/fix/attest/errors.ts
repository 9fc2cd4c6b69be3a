import { CodedError } from '../../kernel/index.ts';

/** `envelope_invalid`: not a DSSE envelope. `signature_invalid`: no signature verifies. `key_unsupported`: neither Ed25519 nor ECDSA. */
export class AttestError extends CodedError<'envelope_invalid' | 'signature_invalid' | 'key_unsupported'> {}
