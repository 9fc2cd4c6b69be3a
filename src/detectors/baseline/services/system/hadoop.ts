import type { ServiceRule } from '../contract.ts';
import { directives } from '../formats/lines.ts';
import { namedValues, xmlElements } from '../formats/xml.ts';
import { isLocal, isOff, isOn } from '../hosts.ts';
import type { ServiceImage } from '../image.ts';
import { startWords } from '../options.ts';
import type { ConfigSource } from '../source.ts';
import type { Verdict } from '../verdict.ts';

const sites: ConfigSource = {
  id: 'hadoop',
  files: ['core-site.xml', 'hdfs-site.xml', 'yarn-site.xml'],
  parse: (text) => namedValues(xmlElements(text), 'name', 'value'),
  keep: [
    [/^hadoop\.security\.authentication$/, 'plain'],
    [
      /^(yarn\.resourcemanager\.(webapp\.(https?\.)?address|bind-host|hostname)|dfs\.namenode\.https?-(address|bind-host))$/,
      'plain',
    ],
  ],
};

const spark: ConfigSource = {
  id: 'spark',
  files: ['spark-defaults.conf'],
  parse: directives,
  keep: [
    [/^spark\.authenticate$/, 'plain'],
    [/^spark\.authenticate\.secret$/, []],
  ],
};

/** Not `yarn`: Hadoop's never comes alone, and the one of JavaScript is in every image with Node.js. */
const hadoopPrograms = ['hdfs', 'hadoop', 'start-dfs.sh', 'start-yarn.sh'];

function judgeHadoop(image: ServiceImage, verdict: Verdict): void {
  const mode = image.last(sites, 'hadoop.security.authentication');
  if (mode?.value === 'kerberos') return;
  if (mode !== undefined && mode.value === 'simple') verdict.bad(image.evidence(mode));
  for (const found of image.all(sites, /^(yarn|dfs)\./)) {
    // Names of other hosts say nothing of where this one listens.
    if (/^(0\.0\.0\.0|\[?::\]?)(:\d+)?$/.test(found.value ?? '')) verdict.bad(image.evidence(found));
  }
  verdict.byDefault(image.here('hadoop.security.authentication is simple unless it is set'));
}

function judgeSpark(image: ServiceImage, verdict: Verdict): void {
  const written = image.last(spark, 'spark.authenticate');
  const variable = image.env('SPARK_RPC_AUTHENTICATION_ENABLED');
  if (isOn(written?.value) || isOn(variable)) return;
  if (written !== undefined && isOff(written.value)) verdict.bad(image.evidence(written));
  // Spark is also a library: a master is one that the image starts.
  const words = startWords(image.context.image.settings);
  const isMaster =
    image.env('SPARK_MODE') === 'master' ||
    words.some((word) => word.endsWith('start-master.sh') || word === 'org.apache.spark.deploy.master.Master');
  const host = image.env('SPARK_MASTER_HOST');
  if (isMaster && !(host !== undefined && isLocal(host))) {
    verdict.byDefault(image.here('the Spark master asks for no secret'));
  }
}

/** SV-021. */
export const hadoop: ServiceRule = {
  id: 'SV-021',
  service: 'hadoop',
  level: 'high',
  title: { en: 'Hadoop or Spark believes who visitors say they are', zh: 'Hadoop/Spark 未授权访问' },
  description: {
    en: 'With simple authentication, or a Spark master without a secret, everybody who reaches the ports runs programs on the cluster and reads its files.',
    zh: '使用 simple 认证，或 Spark master 未设置密钥：任何能访问端口的人都可以在集群上运行程序并读取文件。',
  },
  advice: {
    en: 'Use Kerberos (`hadoop.security.authentication`), bind the web interfaces to inner addresses, set `spark.authenticate`.',
    zh: '使用 Kerberos（hadoop.security.authentication），Web 界面只绑定内部地址，设置 spark.authenticate。',
  },
  packages: /^(hadoop|hadoop-(hdfs|yarn|common)|spark|spark-core)$/,
  programs: [...hadoopPrograms, 'start-master.sh', 'spark-submit'],
  sources: [sites, spark],
  judge(image, verdict) {
    // PySpark brings Hadoop's client only.
    if (image.programs(hadoopPrograms).length > 0) judgeHadoop(image, verdict);
    judgeSpark(image, verdict);
  },
};
