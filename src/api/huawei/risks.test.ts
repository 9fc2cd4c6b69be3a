import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { huaweiWorld, keys, project, signedFetch } from '../../../test/support/huawei-world.ts';

// biome-ignore lint/suspicious/noExplicitAny: bodies differ by route
type Row = any;

async function world(t: TestContext) {
  const made = await huaweiWorld(t);
  const get = async (path: string, query = '', key: readonly [string, string] = keys.owner, language = '') => {
    const headers: Record<string, string> = language === '' ? {} : { 'x-language': language };
    const answer = await signedFetch(made.endpoint, key, {
      ...{ method: 'GET', path: `/v5/${project}/image/${path}`, query, headers },
    });
    return { status: answer.status, body: (await answer.json()) as Row };
  };
  const rows = async (...given: Parameters<typeof get>): Promise<Row[]> => {
    const { status, body } = await get(...given);
    assert.equal(status, 200, JSON.stringify(body));
    return body.data_list;
  };
  return { ...made, get, rows };
}

const everywhere = 'enterprise_project_id=all_granted_eps';

test('malwares and sensitive information: paths, masked content, severities', async (t) => {
  const { rows, get, estate } = await world(t);
  const files = await rows('malwares', everywhere);
  assert.deepEqual(
    files.map(({ file_path, file_name, severity }) => [file_path, file_name, severity]),
    [
      ['/srv/1.php', '1.php', 'High'],
      ['/srv/copy.zip!/a.php', 'a.php', 'High'],
      ['/opt/miner', 'miner', 'Medium'],
    ],
  );
  assert.deepEqual(
    (await rows('malwares', `${everywhere}&severity=Medium`)).map(({ file_name }) => file_name),
    ['miner'],
  );
  assert.deepEqual(await rows('malwares', `${everywhere}&severity=Critical`), []);
  const page = (await get('malwares', `${everywhere}&limit=1&offset=2`)).body;
  assert.deepEqual([page.total_num, page.data_list[0].file_name], [3, 'miner']);
  const [one] = estate.images;
  assert.deepEqual(
    (await rows(`${one?.uuid}/malwares`)).map(({ image_id }) => image_id),
    [one?.uuid],
  );
  assert.equal((await get(`${'0'.repeat(32)}/malwares`)).body.error_code, 'HSS.0011');

  const secrets = await rows('sensitive-information', `${everywhere}&handle_status=unhandled`);
  assert.deepEqual(
    secrets.map(({ file_path, content, handle_status }) => [file_path, content, handle_status]),
    [
      ['/root/.npmrc', 'toys…et', 'unhandled'],
      ['/srv/key.pem', 'toys…et', 'unhandled'],
    ],
  );
  assert.deepEqual(
    (await rows(`${one?.uuid}/sensitive`)).map(({ sensitive_info_id }) => sensitive_info_id),
    [931],
  );
});

test('build instructions: rules with numbers of images, images with the instruction', async (t) => {
  const { rows } = await world(t);
  const [rule] = await rows('build-command-risks');
  assert.deepEqual([rule?.rule_id, rule?.severity, rule?.image_num, rule?.unhandled_image_num], ['add', 'low', 2, 1]);
  const images = await rows('build-command-risks/images');
  assert.deepEqual(
    images.map(({ image_version, build_instruction }) => [image_version, build_instruction]),
    ['1.4.2', '7'].map((tag) => [tag, 'ADD https://files.example/tool /usr/bin/tool']),
  );
});

test('baselines: names of the vendor, their rules, numbers; in the language of the caller', async (t) => {
  const { rows, get } = await world(t);
  const configs = await rows('baseline/risk-configs', everywhere);
  assert.deepEqual(
    configs.map(({ check_name, check_rule_num, failed_rule_num, image_num }) => [
      ...[check_name, check_rule_num, failed_rule_num, image_num],
    ]),
    [
      ['Linux', 1, 1, 3],
      ['SSH', 1, 0, 1],
    ],
  );
  const rules = await rows('baseline/risk-configs/SSH/rules', everywhere);
  assert.deepEqual(
    rules.map(({ check_rule_id, scan_result }) => [check_rule_id, scan_result]),
    [['weak_ssh_crypto', 'pass']],
  );
  assert.equal((await get('baseline/risk-configs/constructor/rules')).body.error_code, 'HSS.0011');
  const [chinese] = await rows('baseline/risk-configs/Linux/rules', everywhere, keys.owner, 'zh-cn');
  const [english] = await rows('baseline/risk-configs/Linux/rules', everywhere, keys.owner, 'en-us');
  assert.match(chinese?.check_rule_name, /\p{Script=Han}/u);
  assert.doesNotMatch(english?.check_rule_name, /\p{Script=Han}/u);
  const { body } = await get('baseline/statistic', everywhere);
  assert.deepEqual([body.image_weak_pwd, body.pwd_policy, body.security_check], [0, 0, 3]);
});

test('risks of another project are not seen, also not by the name of its image', async (t) => {
  const { rows, get, estate } = await world(t);
  assert.deepEqual(
    (await rows('malwares', everywhere, keys.bank)).map(({ file_name }) => file_name),
    ['miner'],
  );
  const theirs = await get(`${estate.images[0]?.uuid}/malwares`, everywhere, keys.bank);
  assert.equal(theirs.body.error_code, 'HSS.0011');
  const denied = await get('malwares', '', keys.nobody);
  assert.deepEqual([denied.status, denied.body.error_code], [400, 'HSS.0013']);
});
