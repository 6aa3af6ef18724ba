/** A log-based metric: https://cloud.google.com/logging/docs/reference/v2/rest/v2/projects.metrics */
export interface LogMetric {
  readonly name: string;
  readonly description: string;
  readonly filter: string;
  readonly valueExtractor: string;
  readonly labelExtractors: Readonly<Record<string, string>>;
  readonly metricDescriptor: {
    readonly metricKind: 'DELTA';
    readonly valueType: 'DISTRIBUTION';
    readonly unit: string;
    readonly labels: readonly { readonly key: string; readonly valueType: 'STRING' }[];
  };
  readonly bucketOptions: object;
}

/** The line that each function writes for each batch; see shared/batch-function.ts. */
const HANDLED = 'resource.type="cloud_run_revision" AND jsonPayload.metric:*';

/** Figures of that line which are made metrics, by name of the figure. */
const FIGURES = {
  in: { description: 'Events taken.', unit: '1' },
  out: { description: 'Events passed on, rows written, documents set.', unit: '1' },
  failed: { description: 'Events given up, to failed-events.', unit: '1' },
  redeliver: { description: 'Batches left to redelivery.', unit: '1' },
  duration_ms: { description: 'Time one batch takes.', unit: 'ms' },
  age_ms: { description: 'From receipt of a batch’s oldest event to the end of this stage.', unit: 'ms' },
  by_model: { description: 'Recommendations by the model.', unit: '1' },
  by_popularity: { description: 'Recommendations by popularity, where the model did not answer.', unit: '1' },
  shown: { description: 'Lists of recommendations that shoppers saw.', unit: '1' },
  clicked: { description: 'Clicks on recommended items.', unit: '1' },
} as const;
export type Figure = keyof typeof FIGURES;

/** Figures that are told apart by the version of the model, too. */
const BY_VERSION: ReadonlySet<string> = new Set(['by_model', 'by_popularity'] satisfies Figure[]);

/** The metric's name in Cloud Logging. */
export function metricName(figure: Figure): string {
  return `nextclick_${figure}`;
}

/** Where a label's value is in the line. */
const LABELS = {
  function: 'jsonPayload.function',
  model_version: 'jsonPayload.metric.model_version',
} as const;

function labelsOf(figure: string): readonly (keyof typeof LABELS)[] {
  return BY_VERSION.has(figure) ? ['function', 'model_version'] : ['function'];
}

/** One metric for each figure, labelled with the function. Distributions: their sums are the counts of events. */
export function logMetrics(): readonly LogMetric[] {
  return Object.entries(FIGURES).map(
    ([figure, { description, unit }]): LogMetric => ({
      name: metricName(figure as Figure),
      description,
      filter: `${HANDLED} AND jsonPayload.metric.${figure}>=0`,
      valueExtractor: `EXTRACT(jsonPayload.metric.${figure})`,
      labelExtractors: Object.fromEntries(labelsOf(figure).map((key) => [key, `EXTRACT(${LABELS[key]})`])),
      metricDescriptor: {
        metricKind: 'DELTA',
        valueType: 'DISTRIBUTION',
        unit,
        labels: labelsOf(figure).map((key) => ({ key, valueType: 'STRING' })),
      },
      bucketOptions: { exponentialBuckets: { numFiniteBuckets: 40, growthFactor: 1.6, scale: 1 } },
    }),
  );
}
