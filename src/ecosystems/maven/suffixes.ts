const suffixes = ['.jar', '.war', '.ear', '.par', '.sar', '.jpi', '.hpi', '.nar', '.kar', '.aar', '.lpkg', '.jmod'];

/** Whether a file has the name of an archive of Java classes. Asked for every file of an image. */
export function isArchiveName(name: string): boolean {
  // Nine of ten names end in other letters.
  const last = name.charCodeAt(name.length - 1);
  if (last !== 0x72 && last !== 0x69 && last !== 0x67 && last !== 0x64) return false;
  return suffixes.some((suffix) => name.endsWith(suffix));
}

/** Whether a file without a zip directory is worth a word: others than Java use some of the suffixes. */
export function isSurelyJava(name: string): boolean {
  return name.endsWith('.jar') || name.endsWith('.war') || name.endsWith('.ear') || name.endsWith('.jmod');
}
