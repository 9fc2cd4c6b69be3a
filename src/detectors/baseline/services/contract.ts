import type { RiskLevel, Text } from '../../contract.ts';
import type { ServiceImage } from './image.ts';
import type { ConfigSource, Presence } from './source.ts';
import type { Verdict } from './verdict.ts';

/** How one service is told to be there and judged (risks.md §2.7). */
export interface ServiceRule extends Presence {
  /** `SV-001` */
  readonly id: string;
  /** Part of the item key: `redis`. */
  readonly service: string;
  /** When an insecure value is written; a product's default is one level lower. */
  readonly level: RiskLevel;
  readonly title: Text;
  readonly description: Text;
  readonly advice: Text;
  readonly sources: readonly ConfigSource[];
  judge(image: ServiceImage, verdict: Verdict): void;
}
