import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { root } from '../../../test/arch/source-tree.ts';
import { everyAlibabaCall, finishAlibabaWork } from '../../../test/support/alibaba-calls.ts';
import {
  checkAnswer,
  formatTables,
  knownTables,
  parseTables,
  specification,
} from '../../../test/support/alibaba-tables.ts';
import { alibabaWorld } from '../../../test/support/alibaba-world.ts';
import { actions } from './actions/list.ts';

/** Fields of the tables that Drydock leaves out: running containers, servers, CI, deprecated ones, licences. */
const leftOut: Readonly<Record<string, readonly string[]>> = {
  AddPrivateRegistry: [],
  // Servers that nobody installed anything on.
  DescribeImageBaselineStrategy: ['Strategy.BaselineItem'],
  DescribeImageInfoList: ['ImageInfos[].SourceBizTag'],
  DescribeImageInstances: ['ImageInstanceList[].SourceBizTag'],
  // Pages have numbers; nothing needs a cursor.
  DescribeImageListBySensitiveFile: ['PageInfo.LastRowKey'],
  DescribeImageSensitiveFileByKey: ['PageInfo.LastRowKey'],
  DescribeImageSensitiveFileList: ['PageInfo.LastRowKey'],
  DescribeImageRepoDetailList: ['ImageRepoResponses[].SourceBizTag'],
  DescribeVulDetails: [
    'Cves[].Classifys[].Classify',
    'Cves[].Classifys[].DemoVideoUrl',
    'Cves[].Classifys[].Description',
    ...['CnvdId', 'Complexity', 'Content', 'InstanceName', 'InternetIp', 'IntranetIp', 'Poc', 'PocCreateTime'].map(
      (name) => `Cves[].${name}`,
    ),
    ...['PocDisclosureTime', 'Product', 'TargetId', 'TargetName', 'Vendor'].map((name) => `Cves[].${name}`),
  ],
  DescribeImageVulList: ['VulRecords[].RuleTag'],
  GetLastOnceTaskInfo: ['TaskId'],
  GetOnceTaskResultInfo: ['TaskId'],
  ListPrivateRegistryList: ['JenkinsEnv', 'PersistenceDay', 'WhiteList'].map((name) => `ImageRegistryInfos[].${name}`),
  ModifyImageRegistry: ['Data'],
  PageImageRegistry: ['BlackList', 'JenkinsEnv', 'PersistenceDay', 'WhiteList'].map((name) => `List[].${name}`),
};

/** Fields that Drydock adds. */
const added: readonly string[] = ['VulRecords[].FixedByUuid is not in the table'];

async function everyCall(t: TestContext) {
  const world = await alibabaWorld(t);
  const answers = new Map<string, { parameters: Record<string, string>; body: object }>();
  for (let index = 0; index < actions.length; index++) {
    finishAlibabaWork(world);
    const call = everyAlibabaCall(world)[index];
    assert.ok(call !== undefined);
    const [name, parameters] = call;
    const { status, body } = await world.ask(name, parameters);
    assert.equal(status, 200, `${name}: ${JSON.stringify(body)}`);
    answers.set(name, { parameters, body });
  }
  return answers;
}

test('every operation answers in the shape of its table, and with all fields of it that apply', async (t) => {
  const tables = knownTables();
  const answers = await everyCall(t);
  assert.deepEqual([...answers.keys()].sort(), actions.map(({ name }) => name).sort());
  for (const [name, { body }] of answers) {
    const table = tables.get(name);
    assert.ok(table !== undefined, name);
    const seen = new Set<string>();
    const wrong = checkAnswer(body, table, seen).filter((text) => !added.includes(text));
    assert.deepEqual(wrong, [], name);
    const missing = [...table.response.keys()].filter((path) => !seen.has(path));
    assert.deepEqual(missing.sort(), [...(leftOut[name] ?? [])].sort(), `${name} lacks fields`);
  }
});

test('every operation takes the parameters of its table; required ones are required', () => {
  const tables = knownTables();
  for (const action of actions) {
    const table = tables.get(action.name);
    assert.ok(table !== undefined, action.name);
    const names = [...table.request.keys()];
    assert.deepEqual(Object.keys(action.parameters).sort(), names.sort(), action.name);
    for (const [name, type] of table.request) {
      const parameter = action.parameters[name];
      const wire = type.replace('!', '').replace('long', 'integer');
      // A number in digits, by the vendor's own words.
      const asText = `${action.name}.${name}` === 'GetImageScanNumInPeriod.PastDay';
      if (!asText) assert.equal(parameter?.wire, wire, `${action.name}.${name}`);
      const paged = name === 'CurrentPage' || name === 'PageSize';
      if (type.endsWith('!') && !paged) assert.equal(parameter?.required, true, `${action.name}.${name}`);
    }
  }
});

test('required parameters are missed one by one', async (t) => {
  const world = await alibabaWorld(t);
  for (const [action, parameters] of everyAlibabaCall(world)) {
    const shape = actions.find(({ name }) => name === action)?.parameters ?? {};
    for (const [name, { required }] of Object.entries(shape)) {
      if (!required) continue;
      const { [name]: _left, ...rest } = parameters;
      const { status, body } = await world.ask(action, rest);
      assert.deepEqual(
        [status, body.Code, body.Message],
        [400, `Missing${name}`, `${name} is mandatory for this action.`],
        action,
      );
    }
  }
});

test('the committed tables are those of the specification', (t) => {
  const markdown = specification(root);
  if (markdown === undefined) return t.skip('no specification beside the checkout');
  const tables = parseTables(markdown);
  const own = new Map(actions.map(({ name }) => [name, tables.get(name)]));
  assert.ok([...own.values()].every((table) => table !== undefined));
  assert.equal(formatTables(knownTables()), formatTables(own as never));
  const answered = new Set(actions.map(({ name }) => name));
  const needed = [...markdown.matchAll(/^\| (\w+) \| 1 \| (?:read|write) \| (\d+) \|/gm)].map(([, name]) => name ?? '');
  assert.equal(needed.length, 43);
  assert.deepEqual(
    needed.filter((name) => !answered.has(name)),
    [],
  );
});

test('docs/api/alibaba.md lists the operations', () => {
  const page = readFileSync(join(root, 'docs/api/alibaba.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `(\w+)` \| (read|write) \| (.+) \|$/gm)].map(([row]) => row);
  const wanted = actions.map(({ name, level, summary }) => `| \`${name}\` | ${level} | ${summary} |`);
  assert.deepEqual(rows, wanted);
});
