export type { CommandRange, ShellCommand, ShellScript, ShellWord } from './contract.ts';
export { executedDownloads, isDownloader, isInterpreter } from './downloads.ts';
export { shellLimits } from './limits.ts';
export { commandString, isShell, type Program, programOf } from './program.ts';
export { parseScript } from './script.ts';
