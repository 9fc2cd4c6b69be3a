import type { Ecosystem } from '../contract.ts';
import { mavenCataloger, mavenLockFiles } from './catalog.ts';
import { mavenVersions } from './versions.ts';

/** Java libraries in archives, by their Maven coordinates. */
export const maven: Ecosystem = {
  id: 'maven',
  types: ['maven'],
  kind: 'sca',
  about: {
    title: 'Java libraries',
    covers: 'Maven, Gradle, sbt and Ant builds; nested, shaded and self-executing archives; Tomcat; Jenkins plugins',
    evidence: ['**/*.{jar,war,ear,par,sar,jpi,hpi,nar,kar,aar,lpkg,jmod}', '**/*.{jar,war,ear,…}!/**/*.jar'],
    lockfiles: ['**/gradle.lockfile', '**/pom.xml', '**/*.sbt.lock'],
    versions: 'Maven version order specification, as of Maven 3.9',
    limits:
      'Libraries copied into other archives without their metadata; jars that name no group are listed as guesses and not matched, except those of known publishers. No table of checksums is included.',
  },
  catalogers: [mavenCataloger()],
  declared: [mavenLockFiles],
  versions: mavenVersions,
  advisoryNames: ['Maven'],
  advisoryKeys: ({ name, version }) => [{ ecosystem: 'Maven', on: 'binary', name, version }],
};
