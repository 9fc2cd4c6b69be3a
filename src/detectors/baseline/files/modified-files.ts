import { fileCheck } from '../define-check.ts';
import { notApplicable, pass, unknown } from '../outcome.ts';
import { compareWithPackages } from './checksums/modified.ts';
import { dpkgFilesReader } from './checksums/reader.ts';
import { entryEvidence } from './file-evidence.ts';

/** FS-007. */
export const modifiedFiles = fileCheck({
  id: 'FS-007',
  item: 'modified_package_file',
  level: 'high',
  title: { en: 'A file of a package was changed', zh: '软件包文件被修改' },
  description: {
    en: 'The content of a program or library is not what the package brought that owns it: it was patched by hand, or somebody hides something in it.',
    zh: '程序或库的内容与所属软件包记录的校验值不一致：可能被手工修改，也可能被植入内容。',
  },
  advice: {
    en: 'Install the package again, or build a package of your own from the changed file.',
    zh: '重新安装该软件包，或将修改后的文件制作成自己的软件包。',
  },
  evaluate(context) {
    const { recorded, compared, modified } = compareWithPackages(context);
    if (modified.size > 0) {
      // Without the search for malicious files only programs and what decides about logins are hashed.
      const scope = context.asked.has('malware') ? '' : '; only programs were compared';
      return {
        result: 'fail',
        evidence: [...modified.values()].map(({ entry, package: name }) =>
          entryEvidence(context, entry, `differs from package ${name}${scope}`),
        ),
      };
    }
    const unread = context.files(dpkgFilesReader).find(({ facts }) => facts === undefined);
    if (unread !== undefined) return unknown('too_large', `${unread.path} is over the limits`);
    if (compared > 0) return pass;
    if (recorded > 0) return unknown('not_hashed', 'none of the files with a recorded checksum was hashed');
    if (context.packages.some(({ type }) => type === 'apk')) {
      return unknown('checksum_kind', 'apk records SHA-1 checksums, which are not computed');
    }
    return notApplicable('the package databases hold no checksums');
  },
});
