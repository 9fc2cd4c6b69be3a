/** Limits of one script (a build instruction): beyond them the rest is not looked at. */
export const shellLimits = {
  /** Commands, substitutions and scripts inside of it included. */
  commands: 5000,
  /** Commands of all scripts of an image together. */
  imageCommands: 50_000,
  /** Scripts and substitutions inside of each other. */
  depth: 12,
} as const;
