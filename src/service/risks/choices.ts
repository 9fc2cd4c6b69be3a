import { type BaselinePolicy, builtInPolicies, defaultBaselineSettings } from '../../detectors/index.ts';
import type { ChoiceStore } from '../../findings/index.ts';
import type {
  BaselineStrategy,
  Call,
  CatalogueRule,
  RiskCatalogue,
  RiskKind,
  RiskService,
  RuleSelection,
} from '../contract/index.ts';
import { ServiceError } from '../errors.ts';
import {
  type ChosenRules,
  type ChosenStrategy,
  readRules,
  readStrategies,
  readSwitch,
  type StrategyBook,
} from './choice-docs.ts';
import type { RiskServiceDeps } from './ports.ts';

const mostStrategies = 100;
const mostDays = 3_650;

type Choices = Pick<
  RiskService,
  'strategies' | 'saveStrategy' | 'selection' | 'select' | 'sensitiveScan' | 'setSensitiveScan'
>;

/** What scans look for, as the installation chose it. */
export function createChoices({ choices, catalogue, audit, clock }: RiskServiceDeps): Choices {
  const change = async (call: Call, name: string, make: (before: unknown) => unknown): Promise<void> => {
    if (call.projects !== 'all')
      throw new ServiceError('not_found', 'only those with rights on all projects may change scans');
    const detail = await choices.choose(name, make, clock.now().getTime());
    await audit.record({
      actor: call.actor,
      action: 'scan.configure',
      object: `scan-choice:${name}`,
      projectId: null,
      detail: { detail },
    });
  };
  const strategies = async () =>
    shownStrategies(readStrategies(await choices.choice('baseline')), catalogue('baseline'));
  const selection = async (kind: 'sensitive' | 'instruction') =>
    shownSelection(kind, readRules(await choices.choice(kind)), catalogue(kind));
  return {
    strategies: async (_call) => strategies(),
    async saveStrategy(call, strategy) {
      let saved = 0;
      await change(call, 'baseline', (before) => {
        const book = withStrategy(readStrategies(before), strategy, catalogue('baseline'));
        saved = book.active;
        return book;
      });
      const found = (await strategies()).find(({ id }) => id === saved);
      if (found === undefined) throw new ServiceError('not_found', `there is no strategy ${saved}`, { field: 'id' });
      return found;
    },
    selection: async (_call, kind) => selection(kind),
    async select(call, kind, { selected, enableNew }) {
      const keys = catalogue(kind).rules.map(({ key }) => key);
      if (selected !== undefined) checkKeys('selected', selected, keys);
      await change(call, kind, (before): ChosenRules => {
        const old = readRules(before);
        return {
          selected: selected ?? old?.selected ?? keysInUse(old, catalogue(kind)),
          known: keys,
          enableNew: enableNew ?? old?.enableNew ?? true,
        };
      });
      return selection(kind);
    },
    sensitiveScan: async (_call) => readSwitch(await choices.choice('sensitive-scan')),
    async setSensitiveScan(call, on) {
      await change(call, 'sensitive-scan', () => ({ on }));
      return on;
    },
  };
}

function shownStrategies({ list, active }: StrategyBook, catalogue: RiskCatalogue): readonly BaselineStrategy[] {
  const { rules } = catalogue;
  return list.map((strategy) => {
    const asks = asksOf(strategy);
    return {
      ...{ id: strategy.id, name: strategy.name, type: strategy.type, keepDays: strategy.keepDays },
      items: rules.filter(asks).map(({ key }) => key),
      totalItems: rules.length,
      active: strategy.id === active,
    };
  });
}

/** Whether a strategy asks a check. */
function asksOf({ type, items }: ChosenStrategy): (rule: CatalogueRule) => boolean {
  if (type === 'own') {
    const own = new Set(items);
    return ({ key }) => own.has(key);
  }
  const policy = builtInPolicies.find(({ name }) => name === type);
  return ({ id, key, level }) => policy?.asks({ id, item: key, level: level as 'high' | 'medium' | 'low' }) ?? true;
}

function withStrategy(
  book: StrategyBook,
  change: Parameters<RiskService['saveStrategy']>[1],
  catalogue: RiskCatalogue,
): StrategyBook {
  const { id, name, items, keepDays } = change;
  const old = id === undefined ? undefined : book.list.find((strategy) => strategy.id === id);
  if (id !== undefined && old === undefined)
    throw new ServiceError('not_found', `there is no strategy ${id}`, { field: 'id' });
  if (items !== undefined)
    checkKeys(
      'items',
      items,
      catalogue.rules.map(({ key }) => key),
    );
  if (name !== undefined && (name.length > 200 || /[\x00-\x1f\x7f]/.test(name)))
    throw invalid('name', 'too long, or with control characters');
  if (keepDays !== undefined && !(Number.isInteger(keepDays) && keepDays >= 0 && keepDays <= mostDays)) {
    throw invalid('keepDays', `not 0 to ${mostDays} days`);
  }
  if (old === undefined && book.list.length >= mostStrategies)
    throw invalid('id', `more than ${mostStrategies} strategies`);
  const type = change.type ?? (items === undefined ? (old?.type ?? 'default') : 'own');
  const strategy: ChosenStrategy = {
    id: old?.id ?? book.list.reduce((most, other) => Math.max(most, other.id), 0) + 1,
    name: name ?? old?.name ?? type,
    type,
    items: type === 'own' ? [...new Set(items ?? old?.items ?? [])] : [],
    keepDays: keepDays ?? old?.keepDays ?? 0,
  };
  return {
    list: [...book.list.filter((other) => other.id !== strategy.id), strategy].sort((a, b) => a.id - b.id),
    active: strategy.id,
  };
}

function shownSelection(
  kind: 'sensitive' | 'instruction',
  chosen: ChosenRules | null,
  catalogue: RiskCatalogue,
): RuleSelection {
  const inUse = new Set(keysInUse(chosen, catalogue));
  const selected = catalogue.rules.map(({ key }) => key).filter((key) => inUse.has(key));
  return {
    id: kind === 'sensitive' ? 1 : 2,
    selected,
    total: catalogue.rules.length,
    enableNew: chosen?.enableNew ?? true,
  };
}

/** Keys of the rules that scans use: those selected, and those that came later where new ones are welcome. */
function keysInUse(chosen: ChosenRules | null, { rules }: RiskCatalogue): string[] {
  const byDefault = rules.filter(({ defaultOn }) => defaultOn !== false).map(({ key }) => key);
  if (chosen === null) return byDefault;
  const known = new Set(chosen.known);
  return [...chosen.selected, ...(chosen.enableNew ? byDefault.filter((key) => !known.has(key)) : [])];
}

function checkKeys(field: string, keys: readonly string[], known: readonly string[]): void {
  const unknown = keys.find((key) => !known.includes(key));
  if (unknown !== undefined) throw invalid(field, `there is no rule "${unknown.slice(0, 80)}"`);
}

function invalid(field: string, message: string): ServiceError {
  return new ServiceError('invalid_field', `${field}: ${message}`, { field });
}

/** What the scans of this installation look for beside what its settings say. */
export interface ScanChoices {
  readonly policy: BaselinePolicy;
  readonly secrets: { readonly off: readonly string[]; readonly on: readonly string[] };
  /** False: no scan looks for sensitive files. */
  readonly sensitive: boolean;
}

/** Reads the choices for a scan; asked anew for each, so that a change holds from the next scan on. */
export async function scanChoices(
  store: Pick<ChoiceStore, 'choice'>,
  catalogue: (kind: RiskKind) => RiskCatalogue,
): Promise<ScanChoices> {
  const [baseline, instruction, sensitive, onOff] = await Promise.all(
    ['baseline', 'instruction', 'sensitive', 'sensitive-scan'].map((name) => store.choice(name)),
  );
  const book = readStrategies(baseline);
  const strategy = book.list.find(({ id }) => id === book.active);
  const asks = strategy === undefined ? () => true : asksOf(strategy);
  const instructions = new Set(keysInUse(readRules(instruction), catalogue('instruction')));
  const rules = new Map(catalogue('baseline').rules.map((rule) => [rule.id, rule]));
  const chosen = readRules(sensitive);
  const inUse = new Set(keysInUse(chosen, catalogue('sensitive')));
  const secrets = catalogue('sensitive').rules;
  return {
    policy: {
      name: strategy?.type === 'own' ? `strategy ${strategy.id}` : (strategy?.type ?? 'default'),
      asks(check) {
        const rule = rules.get(check.id);
        return rule === undefined ? instructions.has(check.item) : asks(rule);
      },
      settings: defaultBaselineSettings,
    },
    secrets: {
      off: secrets.filter(({ key, defaultOn }) => defaultOn !== false && !inUse.has(key)).map(({ key }) => key),
      on: secrets.filter(({ key, defaultOn }) => defaultOn === false && inUse.has(key)).map(({ key }) => key),
    },
    sensitive: readSwitch(onOff),
  };
}
