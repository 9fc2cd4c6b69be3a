import { instructionCheck } from '../../define-check.ts';
import { executedDownloads } from '../../shell/index.ts';
import { byScripts, instructionEvidence } from '../finding.ts';
import { scriptsOf } from '../history/history.ts';

/** IC-016 */
export const pipeToShell = instructionCheck({
  id: 'IC-016',
  item: 'pipe_to_shell',
  level: 'high',
  title: { en: 'A download is executed unseen', zh: '下载内容未经校验即执行' },
  description: {
    en: 'A RUN hands what it downloads or decodes straight to an interpreter: whoever controls the server, the name or the connection decides what is in the image.',
    zh: '某条 RUN 将下载或解码得到的内容直接交给解释器执行：控制服务器、域名或链路者即可决定镜像内容。',
  },
  advice: {
    en: 'Download to a file, compare its checksum with a known one, then run it.',
    zh: '先下载为文件，与已知校验和比对后再执行。',
  },
  evaluate(context) {
    const evidence = scriptsOf(context).flatMap(({ instruction, script }) =>
      executedDownloads(script).map((source) => instructionEvidence(context, instruction, source)),
    );
    return byScripts(context, evidence);
  },
});
