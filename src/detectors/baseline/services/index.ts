import type { CheckSet } from '../contract.ts';
import { brokers } from './brokers/index.ts';
import { serviceCheck } from './check.ts';
import { entryScripts } from './entry-script.ts';
import { matcher, serviceReader } from './source.ts';
import { stores } from './stores/index.ts';
import { systemServices } from './system/index.ts';
import { webServices } from './web/index.ts';

const rules = [...stores, ...brokers, ...webServices, ...systemServices].sort((a, b) => (a.id < b.id ? -1 : 1));
const sources = [entryScripts, ...rules.flatMap((rule) => rule.sources)];
const reader = serviceReader(sources);
const sourcesOf = matcher(sources);

/** Services that ask nobody who they are, or ask in a way that everybody knows (risks.md §2.7). */
export const serviceChecks: CheckSet = {
  group: 'SV',
  readers: [reader],
  checks: rules.map((rule) => serviceCheck(rule, reader, sourcesOf)),
};
