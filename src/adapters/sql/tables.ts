import type { AccessTables } from './access/tables.ts';
import type { AnswerTables } from './answers/tables.ts';
import type { ContentTables } from './contents/tables.ts';
import type { CoreTables } from './core-tables.ts';
import type { ExportTables } from './exports/tables.ts';
import type { FindingsTables } from './findings/tables.ts';
import type { InventoryTables } from './inventory/tables.ts';
import type { NotificationTables } from './notifications/tables.ts';
import type { OverviewTables } from './overview/tables.ts';
import type { RiskTables } from './risks/tables.ts';
import type { WorkTables } from './work/tables.ts';

/** All tables, typed for queries. Each domain describes its own in `<domain>/tables.ts` and adds itself here. */
export interface Tables
  extends CoreTables,
    AccessTables,
    FindingsTables,
    RiskTables,
    InventoryTables,
    WorkTables,
    ExportTables,
    AnswerTables,
    ContentTables,
    OverviewTables,
    NotificationTables {}
