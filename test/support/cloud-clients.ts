import { createRequire } from 'node:module';

// The vendors' clients are CommonJS without usable types for modules; what tests use of them is described here.
const load = createRequire(import.meta.url);

/** A key of the service. */
export interface ClientKey {
  readonly id: string;
  readonly secret: string;
  readonly token?: string;
}

/** An answer as a client hands it out. */
// biome-ignore lint/suspicious/noExplicitAny: tests read answers by the published names
export type Answer = any;

/** Calls one operation of the Alibaba interface. */
export type AlibabaCall = (action: string, parameters?: Readonly<Record<string, unknown>>) => Promise<Answer>;

/** The official clients of the Alibaba interface by name: generations and signature schemes. */
export function alibabaClients(host: string, key: ClientKey): Readonly<Record<string, AlibabaCall>> {
  return {
    'openapi-core, ACS3': openApi('@alicloud/openapi-core', host, key, undefined),
    'openapi-core, signature 1.0': openApi('@alicloud/openapi-core', host, key, 'v2'),
    'openapi-client, ACS3': previousOpenApi(host, key),
    'pop-core, GET': pop(host, key, 'GET'),
    'pop-core, POST': pop(host, key, 'POST'),
  };
}

function openApi(name: string, host: string, key: ClientKey, algorithm: string | undefined): AlibabaCall {
  const core = load(name);
  const dara = load('@darabonba/typescript');
  const config = new core.$OpenApiUtil.Config({
    accessKeyId: key.id,
    accessKeySecret: key.secret,
    ...(key.token !== undefined && { securityToken: key.token }),
    ...(algorithm !== undefined && { signatureAlgorithm: algorithm }),
    endpoint: host,
    protocol: 'http',
  });
  const client = new core.default(config);
  return async (action, parameters = {}) => {
    const call = new core.$OpenApiUtil.Params({ ...rpc, action });
    const request = new core.$OpenApiUtil.OpenApiRequest({ query: core.OpenApiUtil.query(parameters) });
    return (await client.callApi(call, request, new dara.RuntimeOptions({}))).body;
  };
}

const rpc = {
  ...{ version: '2018-12-03', protocol: 'HTTPS', pathname: '/', method: 'POST', authType: 'AK' },
  ...{ style: 'RPC', reqBodyType: 'formData', bodyType: 'json' },
};

function previousOpenApi(host: string, key: ClientKey): AlibabaCall {
  const { default: Client, Config, OpenApiRequest, Params } = load('@alicloud/openapi-client');
  const { RuntimeOptions } = load('@alicloud/tea-util');
  const { default: util } = load('@alicloud/openapi-util');
  const client = new Client(
    new Config({
      ...{ accessKeyId: key.id, accessKeySecret: key.secret, endpoint: host, protocol: 'http' },
      ...(key.token !== undefined && { securityToken: key.token }),
    }),
  );
  return async (action, parameters = {}) => {
    const request = new OpenApiRequest({ query: util.query(parameters) });
    return (await client.callApi(new Params({ ...rpc, action }), request, new RuntimeOptions({}))).body;
  };
}

function pop(host: string, key: ClientKey, method: string): AlibabaCall {
  const { RPCClient } = load('@alicloud/pop-core');
  const client = new RPCClient({
    ...{ endpoint: `http://${host}`, apiVersion: '2018-12-03', accessKeyId: key.id, accessKeySecret: key.secret },
    ...(key.token !== undefined && { securityToken: key.token }),
  });
  return (action, parameters = {}) => client.request(action, parameters, { method });
}

/** Calls one route of the Huawei interface; `{}` parts of the path are filled from `pathParams`. */
export type HuaweiCall = (
  method: string,
  url: string,
  options?: { readonly query?: Readonly<Record<string, unknown>>; readonly body?: unknown; readonly binary?: boolean },
) => Promise<Answer>;

/** The official client of the Huawei interface. */
export function huaweiClient(host: string, key: ClientKey, projectId: string): HuaweiCall {
  const { BasicCredentials } = load('@huaweicloud/huaweicloud-sdk-core');
  const { ClientBuilder } = load('@huaweicloud/huaweicloud-sdk-core/ClientBuilder');
  const credential = new BasicCredentials().withAk(key.id).withSk(key.secret).withProjectId(projectId);
  const build = (binary: boolean) =>
    new ClientBuilder((hc: unknown) => hc)
      .withCredential(credential)
      .withEndpoint(`http://${host}`)
      .withOptions(binary ? { axiosRequestConfig: { responseType: 'arraybuffer' } } : {})
      .build();
  return (method, url, { query = {}, body, binary = false } = {}) =>
    build(binary).sendRequest({
      ...{ method, url, contentType: 'application/json', queryParams: query, pathParams: { project_id: projectId } },
      ...{ headers: { region: 'local' } },
      ...(body !== undefined && { data: body }),
    });
}
