import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { run } from './run.ts';

/** Group, artifact and version of one published file. */
export type Artifact = readonly [group: string, artifact: string, version: string];

/** Maven's own version order, newest release of the line that the product follows. */
export const mavenArtifact: Artifact = ['org.apache.maven', 'maven-artifact', '3.9.11'];

/**
 * Lets Maven fetch published files, and shade some of them into `shaded-app-1.0.jar`, with packages of `org.yaml` moved.
 * @returns the folder with the files, or why it could not be done.
 */
export async function fetchArtifacts(
  directory: string,
  fetched: readonly Artifact[],
  shaded: readonly Artifact[] = [],
): Promise<{ readonly files: string } | { readonly missing: string }> {
  const project = join(directory, 'project');
  mkdirSync(project, { recursive: true });
  writeFileSync(join(project, 'pom.xml'), projectFile(fetched, shaded));
  const args = ['-B', '-q', '-f', join(project, 'pom.xml'), 'package'];
  const result = await run('mvn', args, { env: process.env }).catch((error: unknown) => ({
    code: -1,
    stderr: `${error}`,
    stdout: '',
  }));
  const files = join(project, 'files');
  if (result.code === 0) {
    const made = join(project, 'target', 'shaded-app-1.0.jar');
    if (shaded.length > 0) copyFileSync(made, join(files, basename(made)));
    return { files };
  }
  return { missing: `needs mvn and a Maven repository: ${`${result.stdout}${result.stderr}`.trim().slice(0, 200)}` };
}

const coordinates = ([group, artifact, version]: Artifact): string =>
  `<groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>`;

function projectFile(fetched: readonly Artifact[], shaded: readonly Artifact[]): string {
  const copy = `<plugin><artifactId>maven-dependency-plugin</artifactId><version>3.6.1</version><executions><execution>
    <phase>package</phase><goals><goal>copy</goal></goals><configuration><outputDirectory>files</outputDirectory>
    <artifactItems>${fetched.map((item) => `<artifactItem>${coordinates(item)}</artifactItem>`).join('')}</artifactItems>
    </configuration></execution></executions></plugin>`;
  const shade = `<plugin><artifactId>maven-shade-plugin</artifactId><version>3.6.0</version><executions><execution>
    <phase>package</phase><goals><goal>shade</goal></goals><configuration>
    <createDependencyReducedPom>false</createDependencyReducedPom><relocations><relocation><pattern>org.yaml</pattern>
    <shadedPattern>org.example.shaded</shadedPattern></relocation></relocations></configuration></execution></executions></plugin>`;
  return `<project><modelVersion>4.0.0</modelVersion>${coordinates(['org.example', 'shaded-app', '1.0'])}
    <packaging>${shaded.length > 0 ? 'jar' : 'pom'}</packaging>
    <properties><project.build.sourceEncoding>UTF-8</project.build.sourceEncoding></properties>
    <dependencies>${shaded.map((item) => `<dependency>${coordinates(item)}</dependency>`).join('')}</dependencies>
    <build><plugins>${copy}${shaded.length > 0 ? shade : ''}</plugins></build></project>`;
}
