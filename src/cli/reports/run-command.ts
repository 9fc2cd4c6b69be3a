import { reportError } from '../output/errors.ts';
import type { ReportDeps } from './contract.ts';

/** Runs a command over reports: exits with its code, or with that of what it failed with, which is told. */
export async function runReportCommand(
  load: () => Promise<ReportDeps>,
  { color }: { readonly color?: boolean | undefined },
  body: (deps: ReportDeps) => Promise<number>,
): Promise<void> {
  const deps = await load();
  try {
    deps.exit(await body(deps));
  } catch (error) {
    deps.exit(reportError(error, deps.terminal, color));
  }
}
