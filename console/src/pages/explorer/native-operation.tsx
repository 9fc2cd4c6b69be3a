import { Button, Select, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { csrfHeaders } from '../../api/client.ts';
import type { JsonSchema } from '../../api/description.ts';
import { useSession } from '../../api/session.tsx';
import { Panel } from '../../components/page/page.tsx';
import { CodeBlock } from '../../components/show/code-block.tsx';
import { BodyField, CallTarget, SendButton, WritesTag } from './call-parts.tsx';
import { exampleOf, optionalMembers } from './example.ts';
import classes from './explorer.module.css';
import { jsonMistake } from './json-mistake.ts';
import type { NativeCall } from './native-tab.tsx';
import { ResultPanel } from './result-panel.tsx';
import { curlOf } from './signing/curl.ts';
import { encoded } from './signing/primitives.ts';
import { useSending } from './use-sending.ts';

interface NativeOperationProps {
  readonly call: NativeCall;
  readonly schemas: Readonly<Record<string, JsonSchema>>;
}

/** One operation: its parameters, its body, what it answers. */
export function NativeOperation({ call, schemas }: NativeOperationProps) {
  const { t } = useTranslation('explorer');
  const { may } = useSession();
  const { method, path, operation } = call;
  const schema = operation.requestBody?.content['application/json']?.schema;
  const example = schema === undefined ? '' : JSON.stringify(exampleOf(schema, schemas), null, 2);
  const [values, setValues] = useState<Readonly<Record<string, string>>>({});
  const [body, setBody] = useState(example);
  const sending = useSending();
  const parameters = (operation.parameters ?? []).filter((one) => one.in !== 'header');
  const access = operation['x-drydock-access'];
  const filled = path.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name] ?? '';
    return value === '' ? whole : encoded(value);
  });
  const query = parameters
    .filter((one) => one.in === 'query' && (values[one.name] ?? '') !== '')
    .map(({ name }) => `${encoded(name)}=${encoded(values[name] ?? '')}`)
    .join('&');
  const target = query === '' ? filled : `${filled}?${query}`;
  const mistake = schema === undefined || body.trim() === '' ? null : jsonMistake(body);
  const headers: Record<string, string> = {
    accept: '*/*',
    ...(schema === undefined || body.trim() === '' ? {} : { 'content-type': 'application/json' }),
  };
  const sent = schema === undefined ? '' : body.trim();
  const more = schema === undefined ? [] : optionalMembers(schema, schemas);
  const run = (): void =>
    void sending.run(() => ({
      ...{ method, target, body: sent, asUser: true },
      headers: method === 'GET' ? headers : { ...headers, ...csrfHeaders() },
    }));
  return (
    <div className={classes.main}>
      <Panel title={operation.summary ?? operation.operationId}>
        <form
          className={classes.stack}
          onSubmit={(event) => {
            event.preventDefault();
            run();
          }}
        >
          <CallTarget method={method} path={target} />
          <div className={classes.line}>
            <span className={classes.tag}>{t('needs', { action: access })}</span>
            <WritesTag writes={method !== 'GET'} />
          </div>
          {access?.startsWith('drydock:') && !may(access) && <p className={classes.warn}>{t('mayNot')}</p>}
          {parameters.length === 0 && schema === undefined && <p className={classes.hint}>{t('noParameters')}</p>}
          {parameters.length > 0 && (
            <div className={classes.fields}>
              {parameters.map(({ name, required = false, description, schema: shape }) => (
                <ParameterField
                  key={name}
                  name={name}
                  required={required}
                  description={description ?? shape.description}
                  choices={shape.enum?.map(String)}
                  value={values[name] ?? ''}
                  onChange={(value) => setValues({ ...values, [name]: value })}
                />
              ))}
            </div>
          )}
          {schema !== undefined && (
            <BodyField
              value={body}
              onChange={setBody}
              mistake={mistake}
              description={more.length === 0 ? undefined : `+ ${more.join(', ')}`}
              minRows={4}
            />
          )}
          <div className={classes.line}>
            <SendButton
              pending={sending.pending}
              disabled={mistake !== null || /\{\w+\}/.test(filled)}
              danger={method === 'DELETE'}
            />
            {schema !== undefined && (
              <Button variant="subtle" onClick={() => setBody(example)}>
                {t('reset')}
              </Button>
            )}
          </div>
        </form>
      </Panel>
      <ResultPanel sending={sending} />
      <CodeBlock
        label={t('curlKey')}
        text={curlOf({ method, url: location.origin + target, headers, body: sent, extra: '-u "$KEY_ID:$KEY_SECRET"' })}
      />
    </div>
  );
}

interface ParameterFieldProps {
  readonly name: string;
  readonly required: boolean;
  readonly description: string | undefined;
  readonly choices: readonly string[] | undefined;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

function ParameterField({ name, required, description, choices, value, onChange }: ParameterFieldProps) {
  if (choices !== undefined) {
    return (
      <Select
        label={name}
        description={description}
        withAsterisk={required}
        data={[...choices]}
        clearable
        value={value === '' ? null : value}
        onChange={(chosen) => onChange(chosen ?? '')}
      />
    );
  }
  return (
    <TextInput
      label={name}
      description={description}
      withAsterisk={required}
      value={value}
      spellCheck={false}
      autoComplete="off"
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
