import type {
  DecisionRule,
  ExportJob,
  NotificationChannel,
  NotificationDelivery,
  RiskStatusChange,
  Services,
} from '../../src/service/index.ts';
import { fakeContents } from './fake-services/contents.ts';
import { type FakeEstate, sampleEstate } from './fake-services/estate.ts';
import { fakeFindings, fakeImages } from './fake-services/facts.ts';
import { fakeNotifications } from './fake-services/notifications.ts';
import { fakeOverview } from './fake-services/overview.ts';
import { type FakePlans, fakePlans } from './fake-services/plans.ts';
import { fakeRisks } from './fake-services/risks.ts';
import { fakeDecisions, fakeExports, fakeRegistries } from './fake-services/settings.ts';
import { type FakeWork, fakeFixes, fakeScans, noWork } from './fake-services/work.ts';

export * from './fake-services/estate.ts';

/** Every use case over an estate in memory, and what the use cases have stored. */
export interface FakeWorld {
  readonly services: Services;
  readonly estate: FakeEstate;
  readonly work: FakeWork;
  readonly plans: FakePlans;
  readonly decisions: DecisionRule[];
  /** Changes of how risks stand, in order; nothing else comes of them. */
  readonly riskChanges: RiskStatusChange[];
  readonly exports: ExportJob[];
  /** Content of finished exports by job id. */
  readonly files: Map<string, Buffer>;
  /** Passwords of registries by id. */
  readonly passwords: Map<number, string>;
  readonly channels: NotificationChannel[];
  readonly deliveries: NotificationDelivery[];
}

/** Services for tests of facades: they filter, page and scope as the contract says; nothing runs in the background. */
export function createFakeServices(
  options: { estate?: FakeEstate; now?: () => number; override?: Partial<Services> } = {},
): FakeWorld {
  const { estate = sampleEstate(), now = () => Date.UTC(2026, 10, 20, 16, 47, 35) } = options;
  const work = noWork();
  const plans: FakePlans = { tasks: [], results: new Map() };
  const decisions: DecisionRule[] = [];
  const riskChanges: RiskStatusChange[] = [];
  const exports: ExportJob[] = [];
  const files = new Map<string, Buffer>();
  const passwords = new Map<number, string>();
  const channels: NotificationChannel[] = [];
  const deliveries: NotificationDelivery[] = [];
  const images = fakeImages(estate);
  const fixes = fakeFixes(estate, work, now);
  const services: Services = {
    images,
    findings: fakeFindings(estate),
    decisions: fakeDecisions(decisions, now),
    risks: fakeRisks(estate, riskChanges),
    scans: fakeScans(estate, work, now),
    fixes,
    contents: fakeContents(images, fixes),
    overview: fakeOverview(estate),
    plans: fakePlans(estate, plans, now),
    registries: fakeRegistries(estate, passwords, now),
    exports: fakeExports(exports, files, now),
    notifications: fakeNotifications(channels, deliveries, now),
    ...options.override,
  };
  return { services, estate, work, plans, decisions, riskChanges, exports, files, passwords, channels, deliveries };
}
