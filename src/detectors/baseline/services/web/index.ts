import type { ServiceRule } from '../contract.ts';
import { javaRemote } from './java-remote.ts';
import { jenkins } from './jenkins.ts';
import { jupyter } from './jupyter.ts';
import { php } from './php.ts';
import { registry } from './registry.ts';
import { webServer } from './server.ts';
import { spring } from './spring.ts';
import { tomcat } from './tomcat.ts';

/** Servers of the web and of applications. */
export const webServices: readonly ServiceRule[] = [
  ...[tomcat, jenkins, registry, spring, php, webServer, jupyter, javaRemote],
];
