import type { ignores as original } from '../en/ignores.ts';
import type { Same } from '../same.ts';

export const ignores: Same<typeof original> = {
  dialog: {
    titleAll: '忽略风险',
    titleOne: '忽略 {{id}}',
    titleMany_one: '忽略 {{count, number}} 个漏洞',
    titleMany_other: '忽略 {{count, number}} 个漏洞',
    moreIds_one: '等另外 {{count, number}} 个',
    moreIds_other: '等另外 {{count, number}} 个',
    where: '范围',
    reason: '原因',
    reasonHint: '将与您的名字一起显示在所有报告和历史记录中。',
    until: '有效期至',
    lastDay: '最后一天',
    days_one: '{{count, number}} 天',
    days_other: '{{count, number}} 天',
    verdict: '判断',
    missing: '此项必填。',
    submit: '忽略',
    done: '已忽略，相关结果不再计入统计。',
  },
  reach: {
    global: '所有位置',
    project: '项目',
    registry: '镜像仓库服务',
    repository: '仓库',
    image: '镜像',
    package: '软件包',
  },
  end: { date: '指定日期', fix: '修复发布时', never: '永不结束' },
  endHint: {
    fix: '仅覆盖尚无修复的结果；一旦发布修复，将重新计入统计。',
    never: '一直有效，直到有人撤销。',
  },
  verdict: {
    whitelisted: '接受风险',
    false_positive: '误报',
    handled: '已处理',
    verifying: '验证中',
  },
  preview: {
    incomplete: '请选择范围和有效期，以查看影响的内容。',
    none: '目前没有计入统计的结果会受影响。',
    findings_one: '覆盖 {{count, number}} 个结果，',
    findings_other: '覆盖 {{count, number}} 个结果，',
    images_one: '涉及 {{count, number}} 个镜像。',
    images_other: '涉及 {{count, number}} 个镜像。',
  },
};
