import type { RiskLevel, Text } from '../contract.ts';

/** A secret in a text that is no file: an instruction, a variable, a label. */
export interface TextSecret {
  /** Key of the rule. */
  readonly rule: string;
  readonly level: RiskLevel;
  /** Where the value is in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

/** What users are told of one kind of secret. Keys are wire contract (risks.md §4.7): they never change meaning. */
export interface SensitiveRule {
  /** Published key, such as `aws_access_key`, or one of ours. */
  readonly key: string;
  /** Key of the class on the wire. */
  readonly class: string;
  readonly title: Text;
  /** The usual level; what is found can be lower, where it is encrypted, a sample or in a test. */
  readonly level: RiskLevel;
  /** What it is, and what somebody can do who has it. */
  readonly description: Text;
  readonly advice: Text;
  readonly defaultOn: boolean;
  /** Of rules that are off by default: what to expect from turning one on. */
  readonly noise: Text | null;
}

/** Where a rule looks at a piece of content. */
export interface Place {
  /** Path in the image; empty for texts that are no files. */
  readonly path: string;
}

/** A value that a rule found, by its place in the text that the rule was given. */
export interface Found {
  readonly start: number;
  readonly end: number;
  /** Where it is not the rule's own. */
  readonly key?: string;
  readonly level?: RiskLevel;
  /** Shown before the masked value or, for key material, in its place. Must not hold any text of the content. */
  readonly label?: string;
  /** What values are told apart by where one value can be spelled in several ways; default: the bytes. Never stored. */
  readonly identity?: string;
  /** Show the label only: of key material not even ends are shown. */
  readonly hideValue?: true;
}

/**
 * Finds values around keywords (risks.md §4.2, §4.3): where one of the keywords stands, `find` gets the text around it.
 * Windows of keywords that stand close together are merged.
 */
export interface ContentRule {
  /** Unique: the key, and a word where a key has several rules. */
  readonly id: string;
  readonly key: string;
  readonly level: RiskLevel;
  /** Lower case, four characters at least; found in any case. */
  readonly keywords: readonly string[];
  /** Bytes before the keyword and behind its start that belong to the window. */
  readonly before: number;
  readonly after: number;
  /** For the linter and the fingerprint of the rule set. */
  readonly patterns: readonly RegExp[];
  /** Looked at in texts that are no files as well. */
  readonly inTexts: boolean;
  /** A guess by name only: gives way where a rule of the issuer found the same value. */
  readonly generic?: true;
  /** Only in these files; asks nothing of texts that are no files. */
  paths?(path: string): boolean;
  /** Values in a window; one character is one byte. */
  find(window: string, place: Place): Iterable<Found>;
}

/** A file as rules for whole files see it. */
export interface ReadableFile {
  readonly path: string;
  /** The first bytes of the file, at most as many as one block has. */
  readonly bytes: Buffer;
  /** The same as text, one character a byte; UTF-16 is decoded. Empty for binary files. */
  readonly text: string;
  /** Of the whole file. */
  readonly size: number;
  /** Whether `bytes` is the whole content. */
  readonly complete: boolean;
}

/** Finds values in files that are known by name or by their first bytes. */
export interface FileRule {
  readonly id: string;
  readonly key: string;
  readonly level: RiskLevel;
  /** Whole names, lower case. */
  readonly names?: readonly string[];
  /** Ends of names with the dot, lower case. */
  readonly extensions?: readonly string[];
  /** Must match the path as well. */
  readonly where?: RegExp;
  /** First bytes, in place of a name. */
  readonly magic?: readonly { readonly offset: number; readonly bytes: Buffer }[];
  /** What the rule reads: text only, or the bytes of any file. */
  readonly content: 'text' | 'bytes';
  read(file: ReadableFile): Iterable<Found>;
}
