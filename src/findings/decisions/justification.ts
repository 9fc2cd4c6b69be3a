/** The five justifications that VEX knows for `not_affected`. */
export const justifications = [
  'component_not_present',
  'vulnerable_code_not_present',
  'vulnerable_code_not_in_execute_path',
  'vulnerable_code_cannot_be_controlled_by_adversary',
  'inline_mitigations_already_exist',
] as const;

/** Why a vulnerability does not affect a product. */
export type Justification = (typeof justifications)[number];
