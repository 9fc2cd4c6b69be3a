import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkOutcome } from '../../../../../test/support/detection.ts';

/** The outcome for an image whose only layer was copied, and on which these instructions followed. */
const outcomeOf = (...instructions: string[]): Promise<string> =>
  checkOutcome('IC-024', [{}], {
    config: {
      history: [
        { created_by: 'COPY / / # buildkit' },
        ...instructions.map((created_by) => ({ created_by, empty_layer: true })),
      ],
    },
  });

test('IC-024: instructions that do nothing or surprise', async () => {
  const careless = ['cd /app', 'curl x; wget y', 'apt-get install x', 'apt-get install -y x'];
  for (const script of careless) assert.equal(await outcomeOf(`RUN ${script}`), 'fail:low', script);
  const tidy = [
    'cd /app && make',
    'apt-get install -y --no-install-recommends x',
    'apt-get -qq -o APT::Install-Recommends=false install x',
    'apt-get install -qqy --no-install-recommends x',
  ];
  for (const script of tidy) assert.equal(await outcomeOf(`RUN ${script}`), 'pass', script);
  assert.equal(await outcomeOf('MAINTAINER someone'), 'fail:low');
});

test('IC-024: repeated commands count above a known base only', async () => {
  const history = [
    { created_by: 'COPY / / # buildkit' },
    { created_by: 'CMD ["base"]', empty_layer: true },
    { created_by: 'COPY a /a # buildkit' },
    { created_by: 'CMD ["one"]', empty_layer: true },
  ];
  const outcome = (...more: string[]) =>
    checkOutcome('IC-024', [{ a: 'x' }, { b: 'x' }], {
      config: { history: [...history, ...more.map((created_by) => ({ created_by, empty_layer: true }))] },
    });
  assert.equal(await outcome(), 'pass');
  assert.equal(await outcome('CMD ["two"]'), 'fail:low');
  assert.equal(await outcomeOf('CMD ["one"]', 'CMD ["two"]'), 'pass');
});
