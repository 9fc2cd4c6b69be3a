import { SaxesParser } from 'saxes';

interface Node {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: Node[];
  text: string;
}

/** Attributes by element: all required by the stricter schema of Ant's reader, and no others known to either. */
const attributes: Readonly<Record<string, readonly string[]>> = {
  testsuites: [],
  testsuite: ['id', 'package', 'name', 'timestamp', 'hostname', 'tests', 'failures', 'errors', 'skipped', 'time'],
  properties: [],
  property: ['name', 'value'],
  testcase: ['name', 'classname', 'time'],
  failure: ['type', 'message'],
  error: ['type', 'message'],
  skipped: ['message'],
  'system-out': [],
  'system-err': [],
};

/**
 * What breaks the rules that readers of JUnit XML agree on: the schema of Ant's reader (order of elements, required
 * attributes, times without zone) and that of Jenkins's. Written from both in our words; the text must be well-formed XML.
 */
export function junitProblems(xml: string): readonly string[] {
  const problems: string[] = [];
  const root = parse(xml, problems);
  if (root === undefined) return [...problems, 'no root element'];
  if (root.name !== 'testsuites') problems.push(`the root is ${root.name}`);
  visit(root, problems);
  root.children.forEach((suite, at) => {
    problems.push(...suiteProblems(suite, at));
  });
  return problems;
}

function parse(xml: string, problems: string[]): Node | undefined {
  let root: Node | undefined;
  const open: Node[] = [];
  const parser = new SaxesParser();
  parser.on('error', (error) => void problems.push(error.message));
  parser.on('opentag', ({ name, attributes: values }) => {
    const node: Node = { name, attributes: values as Record<string, string>, children: [], text: '' };
    open.at(-1)?.children.push(node);
    root ??= node;
    open.push(node);
  });
  parser.on('text', (text) => {
    const node = open.at(-1);
    if (node !== undefined) node.text += text;
  });
  parser.on('closetag', () => void open.pop());
  parser.write(xml).close();
  return root;
}

function visit(root: Node, problems: string[]): void {
  const open = [root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const known = attributes[node.name];
    if (known === undefined) problems.push(`unknown element ${node.name}`);
    const given = Object.keys(node.attributes);
    if (known?.join() !== given.join()) problems.push(`${node.name} has ${given.join()}`);
    open.push(...node.children);
  }
}

function suiteProblems({ name, attributes: values, children }: Node, at: number): string[] {
  const problems: string[] = [];
  if (name !== 'testsuite') problems.push(`${name} among the suites`);
  if (values.id !== String(at)) problems.push(`suite ${at} has the id ${values.id}`);
  if ((values.name ?? '').trim() === '') problems.push('a suite without name');
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(values.timestamp ?? '')) problems.push(`timestamp ${values.timestamp}`);
  const order = children.map((child) => child.name).join(' ');
  if (!/^properties( testcase)* system-out system-err$/.test(order)) problems.push(`order ${order.slice(0, 200)}`);
  const cases = children.filter((child) => child.name === 'testcase');
  const having = (result: string): number => cases.filter((entry) => entry.children[0]?.name === result).length;
  const told = [values.tests, values.failures, values.errors, values.skipped].join();
  const counted = [cases.length, having('failure'), having('error'), having('skipped')].join();
  if (told !== counted) problems.push(`the suite tells ${told} and has ${counted}`);
  if (cases.some((entry) => entry.children.length > 1)) problems.push('a case with two results');
  return problems;
}
