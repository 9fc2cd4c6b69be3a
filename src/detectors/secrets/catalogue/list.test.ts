import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sensitiveRules } from './list.ts';

/** The published keys, as the wire spells them. */
const published =
  'npm_token pypi_token rubygem clojars_token aws_access_key aws_session_token amazon_mws_token tencentcloud_ak huaweicloud_ak googlecloud_api_key google_oauth_key google_oauth_token github_personal_token github_oauth_token github_refresh_token github_app_token gitLab_personal_token atlassian_token hashicorp_terraform_token hashicorp_vault_token pulumi_token databricks_token dynatrace_token grafana_token newrelic_api_key fastly_cdn_token heroku_api_key planetscale_passwd planetscale_token contentful_preview_token contentful_delivery_token slack_token discord_client_cred asana_client_private_key typeform_token finicity_token square_oauth square_token stripe_skpk lob_api_key mailgun_key mailgun_private_token mailchimp_api_key messagebird_token sendinblue salesforce rails_app_token common_cred ssh_private_key rsa_private_key ec_private_key dsa_private_key openssh_private_key common_private_key pem pgp pgp_private_key pkcs_private_key pkcs_cred puttygen_private_key otr_private_key github_ssh_key k8s_client_key java_keystore macos_keychain aws_cli aws_s3cmd digital_ocean_tugboat docker_registry_cfg git_cfg git_cred github_hub rubygems_cred netrc_cfg ftp_cfg sftp_cfg vscode_sftp atom_remote_sync atom_sftp_cfg filezilla_ftp cpanel_proftpd esmtp_cfg openvpn_cfg rdp sshpasswd ventrilo_voip apache_htpasswd firefox_logins jenkins_ssh jenkins_cred msbuild_publish_profile jetbrains_ides dbeaver_database_cfg robomongo_cred kubernetes_dashboard_cred postgresql_passwd rails_database rails_carrierwave rails_master_key rubyonrails_passwd rubyonrails_cfg phoenix_web_passwd django_key common_database_cfg wordpress_database_cfg php_database_cfg php_config joomla_cfg mediawiki_cfg sqlite microsoft_mdf microsoft_sdf'.split(
    ' ',
  );

test('the catalogue has the published keys, ak_leak, and two more that are off by default', () => {
  assert.equal(published.length, 112);
  const keys = sensitiveRules.map(({ key }) => key);
  assert.equal(new Set(keys).size, keys.length);
  assert.deepEqual(keys.toSorted(), [...published, 'ak_leak', 'generic_api_key', 'url_credentials'].toSorted());
});

test('what is noisy is off by default and says so', () => {
  const off = sensitiveRules.filter(({ defaultOn }) => !defaultOn);
  assert.deepEqual(off.map(({ key }) => key).toSorted(), [
    'generic_api_key',
    'microsoft_mdf',
    'microsoft_sdf',
    'url_credentials',
  ]);
  assert.ok(sensitiveRules.every(({ defaultOn, noise }) => defaultOn === (noise === null)));
});

test('every rule speaks English and Chinese', () => {
  const han = /\p{Script=Han}/u;
  for (const { key, title, description, advice, noise } of sensitiveRules) {
    for (const text of [title, description, advice, ...(noise ? [noise] : [])]) {
      assert.ok(text.en.length > 3 && !han.test(text.en), `${key}: ${text.en}`);
      assert.ok(han.test(text.zh), `${key}: ${text.zh}`);
    }
  }
});
