import assert from 'node:assert/strict';
import { test } from 'node:test';
import { briefs, catalogOf, codes } from '../../../test/support/catalog.ts';
import { wordpressCataloger } from './catalog.ts';

const root = 'var/www/html';

test('WordPress, plugins and themes by their headers', async () => {
  const plugins = `${root}/wp-content/plugins`;
  assert.deepEqual(
    await briefs(wordpressCataloger, {
      [`${root}/wp-includes/version.php`]: "<?php\n/**\n * @global string $wp_version\n */\n$wp_version = '6.4.2';\n",
      [`${plugins}/akismet/akismet.php`]: '<?php\n/*\nPlugin Name: Akismet: spam\nVersion: 5.3 */',
      [`${plugins}/hello.php`]: '<?php /* Plugin Name: Hello\n\t * VERSION:  1.7.2\r\n */',
      [`${plugins}/akismet/other.php`]: '<?php // Version: 9',
      [`${plugins}/akismet/views/deep.php`]: '<?php /* Plugin Name: x\nVersion: 9 */',
      [`${plugins}/without/without.php`]: '<?php /* Plugin Name: x */',
      [`${root}/wp-content/themes/twenty/style.css`]: '/*\nTheme Name: Twenty\nVersion: 2.1\n*/',
      [`${root}/wp-content/themes/twenty/assets/style.css`]: '/*\nTheme Name: Twenty\nVersion: 2.1\n*/',
    }),
    [
      `pkg:generic/wordpress@6.4.2 ${root}/wp-includes/version.php`,
      `pkg:wordpress-plugin/akismet@5.3 ${plugins}/akismet/akismet.php`,
      `pkg:wordpress-plugin/hello@1.7.2 ${plugins}/hello.php`,
      `pkg:wordpress-theme/twenty@2.1 ${root}/wp-content/themes/twenty/style.css`,
    ],
  );
});

test('texts that are no version', async () => {
  const path = 'wp-content/plugins/a/a.php';
  const result = await catalogOf(wordpressCataloger, [{ [path]: '<?php /* Plugin Name: x\nVersion: <script> */' }]);
  assert.deepEqual([result.packages, codes(result)], [[], ['package_invalid_metadata!']]);
});
