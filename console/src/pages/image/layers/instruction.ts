/** What a line of the history tells: the word of a Dockerfile, and what comes behind it. */
export interface Instruction {
  /** `RUN`, `COPY`, …; null where it cannot be told. */
  readonly word: string | null;
  readonly text: string;
}

const words =
  /^(ADD|ARG|CMD|COPY|ENTRYPOINT|ENV|EXPOSE|FROM|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|RUN|SHELL|STOPSIGNAL|USER|VOLUME|WORKDIR)\s+(.*)$/is;

/** Reads `created_by` of a history, in the form of the classic builder or of BuildKit, into the instruction of the Dockerfile. */
export function instructionOf(createdBy: string): Instruction {
  // The classic builder writes every step as a shell command: `/bin/sh -c #(nop) CMD ["x"]`, `|1 A=b /bin/sh -c make`.
  const shell = /^(?:\|\d+ .*? )?(?:\/bin\/)?(?:ba|a|da)?sh -c (.*)$/s.exec(createdBy);
  const nop = shell === null ? null : /^#\(nop\)\s+(.*)$/s.exec(shell[1] ?? '');
  if (shell !== null && nop === null) return { word: 'RUN', text: tidy(shell[1] ?? '') };
  const text = tidy((nop?.[1] ?? createdBy).replace(/\s*# buildkit\s*$/, ''));
  const [, word, rest] = words.exec(text) ?? [];
  if (word === undefined || rest === undefined) return { word: null, text };
  const inner = /^(?:\|\d+ .*? )?(?:\/bin\/)?(?:ba|a|da)?sh -c (.*)$/s.exec(rest);
  return { word: word.toUpperCase(), text: tidy(inner?.[1] ?? rest) };
}

function tidy(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
