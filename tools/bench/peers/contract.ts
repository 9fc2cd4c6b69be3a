/** A package as scanners of all kinds can agree on it: purl type, name with namespace, version. */
export interface PeerPackage {
  readonly type: string;
  readonly name: string;
  readonly version: string;
}

/** Another scanner, run on the same image. */
export interface Peer {
  readonly name: string;
  /** How to get it, for people. */
  readonly source: string;
  /** Its program; undefined when it is not here. */
  find(): Promise<string | undefined>;
  /** Arguments that make it list all packages of an image archive (docker save form) on standard output. */
  command(program: string, archive: string, scratch: string): readonly string[];
  /** What has to be there before it runs. */
  prepare?(scratch: string): void;
  /** Arguments that start it and do nothing else, for its start-up time. */
  idle(program: string): readonly string[];
  /** Reads its standard output. */
  packages(stdout: string): readonly PeerPackage[];
}
