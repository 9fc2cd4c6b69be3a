/** A reviewed reason why a changed script has no effect that an image would miss. */
interface Verdict {
  readonly packages: RegExp;
  readonly script: 'preinst' | 'postinst';
  /** Masks what may differ; everything else must be equal. */
  readonly mask: (text: string) => string;
}

const verdicts: readonly Verdict[] = [
  {
    // The C library compares its own version with optimised builds of other architectures (`libc6-xen`), only to
    // delete the old marker `ld.so.nohwcap`. Reviewed in Debian 11 and 12: nothing else depends on the version.
    packages: /^libc6(?:[.-][a-z0-9-]+)?$/,
    script: 'postinst',
    mask: (text) =>
      text.replace(
        /^[ \t]*if \[ -n "\$ver" \] && \[ "\$ver" != "[^"\s$`\\]{1,256}" \]; then$/gm,
        'if OWN-VERSION; then',
      ),
  },
];

/** Whether the difference between two scripts was reviewed and found harmless. */
export function curatedVerdict(name: string, script: 'preinst' | 'postinst', before: string, after: string): boolean {
  return verdicts.some(
    (verdict) =>
      verdict.script === script && verdict.packages.test(name) && verdict.mask(before) === verdict.mask(after),
  );
}
