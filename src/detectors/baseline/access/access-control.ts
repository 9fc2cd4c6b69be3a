import { checksOf } from '../define-check.ts';

/** Makes a check of SSH. */
export const sshCheck = checksOf('access_control', 'ssh_config');
/** Makes a check of PAM. */
export const pamCheck = checksOf('access_control', 'pam_config');
/** Makes a check of certificates and trust stores. */
export const tlsCheck = checksOf('access_control', 'tls_material');
