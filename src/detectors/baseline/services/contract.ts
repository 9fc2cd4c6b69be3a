import type { RiskLevel, Text } from '../../contract.ts';
import type { ServiceImage } from './image.ts';
import type { ConfigSource } from './source.ts';
import type { Verdict } from './verdict.ts';

/** How one service is told to be there and judged (risks.md §2.7). */
export interface ServiceRule {
  /** `SV-001` */
  readonly id: string;
  /** Part of the item key: `redis`. */
  readonly service: string;
  /** When an insecure value is written; a product's default is one level lower. */
  readonly level: RiskLevel;
  readonly title: Text;
  readonly description: Text;
  readonly advice: Text;
  /** Names of packages that bring the service, by their own name, not that of their source. */
  readonly packages: RegExp;
  /** Last names of executable files that are the service. */
  readonly programs: readonly string[];
  readonly sources: readonly ConfigSource[];
  /** Sources of which one setting is enough to say that the service is there: nothing else has such settings. */
  readonly telling?: readonly ConfigSource[];
  judge(image: ServiceImage, verdict: Verdict): void;
}
