import { messageOf } from '../../shared/errors.ts';

/** A query that BigQuery runs by the clock. */
export interface ScheduledQuery {
  /** By which it is found again. */
  readonly displayName: string;
  /** As `every 1 hours`. */
  readonly schedule: string;
  readonly query: string;
  /** E-mail address of the account that it runs as. */
  readonly serviceAccount: string;
}

/** Where the queries of a project are: https://cloud.google.com/bigquery/docs/reference/datatransfer/rest */
export interface TransferApi {
  readonly url: string;
  readonly project: string;
  readonly region: string;
  readonly token: string;
}

interface TransferConfig {
  readonly name: string;
  readonly displayName?: string;
  readonly dataSourceId?: string;
}

const SOURCE = 'scheduled_query';

/**
 * Makes a scheduled query, or brings the one of that name to date.
 * @throws Error with what the service answered
 */
export async function putScheduledQuery(
  api: TransferApi,
  wanted: ScheduledQuery,
): Promise<'made' | 'changed'> {
  const { displayName, schedule, query, serviceAccount } = wanted;
  const account = `serviceAccountName=${encodeURIComponent(serviceAccount)}`;
  const config = {
    displayName,
    dataSourceId: SOURCE,
    schedule,
    params: { query },
    emailPreferences: { enableFailureEmail: true },
  };
  const found = await find(api, displayName);
  if (!found) {
    await call(api, 'POST', `${parentOf(api)}/transferConfigs?${account}`, config);
    return 'made';
  }
  const mask = 'updateMask=schedule,params,emailPreferences,serviceAccountName';
  await call(api, 'PATCH', `${found.name}?${mask}&${account}`, { ...config, name: found.name });
  return 'changed';
}

/** Takes the query of that name away; answers whether there was one. */
export async function removeScheduledQuery(api: TransferApi, displayName: string): Promise<boolean> {
  const found = await find(api, displayName);
  if (found) await call(api, 'DELETE', found.name);
  return found !== undefined;
}

async function find(api: TransferApi, displayName: string): Promise<TransferConfig | undefined> {
  let page = '';
  do {
    const path = `${parentOf(api)}/transferConfigs?dataSourceIds=${SOURCE}&pageSize=1000${page}`;
    const answer = (await call(api, 'GET', path)) as {
      readonly transferConfigs?: readonly TransferConfig[];
      readonly nextPageToken?: string;
    };
    const found = answer.transferConfigs?.find((each) => each.displayName === displayName);
    if (found) return found;
    page = answer.nextPageToken ? `&pageToken=${encodeURIComponent(answer.nextPageToken)}` : '';
  } while (page !== '');
  return undefined;
}

function parentOf({ project, region }: TransferApi): string {
  return `projects/${project}/locations/${region}`;
}

async function call(
  { url, token }: TransferApi,
  method: string,
  path: string,
  body?: object,
): Promise<unknown> {
  const response = await fetch(`${url}/v1/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((cause: unknown) => {
    throw new Error(`${url} could not be reached: ${messageOf(cause)}`, { cause });
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`BigQuery Data Transfer answered ${response.status}: ${text}`);
  return text === '' ? {} : JSON.parse(text);
}
