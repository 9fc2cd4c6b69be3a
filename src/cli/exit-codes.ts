/** Exit codes of the command line (docs/operations/exit-codes.md); never renumbered. */
export const exitCodes = {
  ok: 0,
  error: 1,
  usage: 2,
  threshold: 3,
  partial: 4,
  verificationFailed: 5,
  auth: 6,
  notFound: 7,
  advisoriesStale: 8,
  timeout: 124,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
