import type { CheckContext } from '../../contract.ts';
import { parseScript, type ShellScript, shellLimits } from '../../shell/index.ts';
import { type ParsedInstruction, parseInstruction } from './instruction.ts';

/** One instruction of the history. */
export interface Instruction extends ParsedInstruction {
  /** `history:3`, counted from 0. */
  readonly place: string;
  /** The whole entry as the builder wrote it. */
  readonly written: string;
  /** Index of the layer that it made. */
  readonly layer: number | null;
  readonly inBase: boolean;
}

/** What the history tells of how an image was built. */
export interface BuildHistory {
  readonly instructions: readonly Instruction[];
  /** False where it tells nothing of use, or not of all layers: nothing found then means nothing. */
  readonly useful: boolean;
}

/** A script of a RUN. */
export interface RunScript {
  readonly instruction: Instruction;
  readonly script: ShellScript;
}

const histories = new WeakMap<CheckContext, BuildHistory>();
const scripts = new WeakMap<CheckContext, readonly RunScript[]>();

/** The history of an image, read once. */
export function historyOf(context: CheckContext): BuildHistory {
  const known = histories.get(context) ?? readHistory(context);
  histories.set(context, known);
  return known;
}

/** The scripts of all RUN instructions, parsed once. */
export function scriptsOf(context: CheckContext): readonly RunScript[] {
  const known = scripts.get(context) ?? readScripts(historyOf(context));
  scripts.set(context, known);
  return known;
}

function readScripts({ instructions }: BuildHistory): RunScript[] {
  let left: number = shellLimits.imageCommands;
  return instructions
    .filter(({ keyword, posix }) => keyword === 'RUN' && posix)
    .map((instruction) => {
      const script = parseScript(instruction.text, Math.min(left, shellLimits.commands));
      left -= script.commands.length;
      return { instruction, script };
    });
}

/** Longest instruction that is kept of a history: a script of this length was cut. */
const longest = 64 * 1024;

/** The first RUN that is in another language, cut off, or beyond the limits; undefined when all could be read. */
export function unreadScript(context: CheckContext): string | undefined {
  const foreign = historyOf(context).instructions.find(({ keyword, posix }) => keyword === 'RUN' && !posix);
  const broken = scriptsOf(context).find(
    ({ instruction, script }) => !script.complete || instruction.written.length >= longest,
  );
  return foreign?.place ?? broken?.instruction.place;
}

function readHistory({ image, layers }: CheckContext): BuildHistory {
  const entries = image.settings.history ?? [];
  const baseLayers = layers.findIndex(({ base }) => base !== true);
  const firstOwn = entries.findIndex(({ layer }) => layer !== null && layer >= baseLayers);
  // Entries without a layer belong to what comes next: those in front of the first own layer are taken for the base's.
  const ownFrom = baseLayers === 0 ? 0 : baseLayers < 0 || firstOwn < 0 ? entries.length : firstOwn;
  const instructions: Instruction[] = [];
  let untold = 0;
  for (const [index, { createdBy, comment, layer }] of entries.entries()) {
    const parsed = parseInstruction(createdBy);
    const inBase = index < ownFrom;
    if (parsed !== undefined) {
      instructions.push({ ...parsed, place: `history:${index}`, written: createdBy, layer, inBase });
    } else if (!inBase && layer !== null && layer > 0 && !isOurs(createdBy) && !comment.startsWith('merge ')) untold++;
  }
  return { instructions, useful: instructions.length > 0 && untold === 0 };
}

/** Layers of a fix hold packages and nothing else. */
function isOurs(createdBy: string): boolean {
  return createdBy.startsWith('drydock fix: ');
}
