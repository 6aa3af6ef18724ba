import { z } from 'zod';

/** One series of an instant query. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Runs an instant query; answers series with a finite value. @throws Error with the service's own words */
export type QueryMetrics = (promql: string) => Promise<readonly Sample[]>;

export interface PrometheusOptions {
  /** Base of the API, as `https://monitoring.googleapis.com/v1/projects/P/location/global/prometheus`. */
  readonly url: string;
  /** Headers that carry the caller's token. */
  readonly headers: () => Promise<Readonly<Record<string, string>>>;
}

const Answer = z.union([
  z.object({
    status: z.literal('success'),
    data: z.object({
      result: z.array(
        z.object({ metric: z.record(z.string(), z.string()), value: z.tuple([z.number(), z.string()]) }),
      ),
    }),
  }),
  z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) }),
]);

/** Cloud Monitoring's metrics by PromQL: https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.location.prometheus.api.v1/query */
export function makePrometheus({ url, headers }: PrometheusOptions): QueryMetrics {
  return async (query) => {
    const response = await fetch(`${url}/api/v1/query`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(await headers()) },
      body: JSON.stringify({ query }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await response.text();
    const answer = Answer.safeParse(jsonOr(text));
    if (!answer.success || 'error' in answer.data)
      throw new Error(refusal(response.status, answer.data, text));
    return answer.data.data.result
      .map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
      .filter(({ value }) => Number.isFinite(value));
  };
}

function refusal(status: number, answer: z.infer<typeof Answer> | undefined, text: string): string {
  const said = answer && 'error' in answer ? answer.error : text.slice(0, 300);
  return `Cloud Monitoring answered ${status}: ${typeof said === 'string' ? said : said.message}`;
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
