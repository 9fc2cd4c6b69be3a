import { actions } from '../src/api/alibaba/actions/list.ts';
import { huaweiRoutes } from '../src/api/huawei/routes/list.ts';
import { builtInPolicies } from '../src/detectors/index.ts';
import { detectorCatalogue } from '../src/service/index.ts';

/** Folder of the files that the console takes from the code of the server. */
export const consoleData = 'console/src/data';

/** These files with their content, as they must stand there: the console must not import the server. */
export function consoleDataFiles(): readonly { readonly file: string; readonly text: string }[] {
  return [
    { file: 'alibaba-actions.json', text: lines(alibabaActions()) },
    { file: 'huawei-routes.json', text: lines(huaweiOperations()) },
    ...(['baseline', 'sensitive', 'instruction'] as const).map((kind) => ({
      file: `${kind}-rules.json`,
      text: lines(rules(kind)),
    })),
  ];
}

function alibabaActions(): readonly object[] {
  return actions.map(({ name, level, parameters }) => ({
    name,
    level,
    parameters: Object.entries(parameters).map(([key, { wire, required }]) => ({ name: key, type: wire, required })),
  }));
}

function huaweiOperations(): readonly object[] {
  return huaweiRoutes.map(({ method, path, operation, action, writes }) => ({
    ...{ name: operation, method, path, action, writes },
  }));
}

function rules(kind: 'baseline' | 'sensitive' | 'instruction'): readonly object[] {
  const { rules: all, classes } = detectorCatalogue(kind);
  return all.map(({ id, key, classKey, level, title }) => ({
    ...{ key, id, level, group: classes[classKey] ?? { en: classKey, zh: classKey }, title },
    ...(kind === 'baseline' ? { askedBy: askedBy({ id, item: key, level: level as 'high' | 'medium' | 'low' }) } : {}),
  }));
}

/** Which strategies that come along ask a check. */
function askedBy(check: Parameters<(typeof builtInPolicies)[number]['asks']>[0]): readonly string[] {
  return builtInPolicies.filter(({ name, asks }) => name !== 'strict' && asks(check)).map(({ name }) => name);
}

/** One element a line: a change shows as what it is. */
function lines(list: readonly object[]): string {
  return `[\n${list.map((one) => ` ${JSON.stringify(one)}`).join(',\n')}\n]\n`;
}
