import type { Check } from './contract.ts';

/** What is particular to one check; where it stands in the tree of the cloud is said once for its kind. */
export type OwnPart = Omit<Check, 'axis' | 'classKey' | 'nameKey'>;

function kind(classKey: string, nameKey: string, axis: Check['axis'] = 'baseline'): (check: OwnPart) => Check {
  return (check) => ({ ...check, axis, classKey, nameKey });
}

/** A check of how the image was built; counted apart. */
export const instructionCheck = kind('other', 'other', 'instruction');
/** A check of what the image is. */
export const configCheck = kind('image_config', 'image_config');
/** A check of accounts and passwords. */
export const identificationCheck = kind('identification', 'identification');
/** A check of the modes, owners and content of files. */
export const fileCheck = kind('file_permission', 'file_permission');
/** A check of SSH. */
export const sshCheck = kind('access_control', 'ssh_config');
/** A check of PAM. */
export const pamCheck = kind('access_control', 'pam_config');
/** A check of certificates and trust stores. */
export const tlsCheck = kind('access_control', 'tls_material');
/** A check of what answers whom without asking who it is. */
export const exposureCheck = kind('hc_image_exploit', 'hc_image_exploit');
/** A check of the trust in packages. */
export const packageCheck = kind('package_trust', 'package_trust');
/** A check of access keys of clouds. */
export const accessKeyCheck = kind('ak_leak', 'ak_leak');
