import { type Figure, metricName } from './log-metrics.ts';

/**
 * A log-based distribution as PromQL knows it: https://cloud.google.com/monitoring/promql/promql-mapping
 * @param suffix `sum` is the figure summed up, `count` the batches, `bucket` what quantiles are made of.
 */
export function series(figure: Figure, suffix: 'sum' | 'count' | 'bucket', functionName?: string): string {
  const labels = [
    'monitored_resource="cloud_run_revision"',
    ...(functionName === undefined ? [] : [`function="${functionName}"`]),
  ];
  return `logging_googleapis_com:user_${metricName(figure)}_${suffix}{${labels.join(',')}}`;
}

/** Events a second. */
export function rateOf(figure: Figure, functionName?: string, window = '5m'): string {
  return `sum(rate(${series(figure, 'sum', functionName)}[${window}]))`;
}

/** Events a second, a line for each value of a label. */
export function rateBy(label: string, figure: Figure, functionName?: string, window = '5m'): string {
  return `sum by (${label}) (rate(${series(figure, 'sum', functionName)}[${window}]))`;
}

/** Events in the window; 0 where there were none. */
export function increaseOf(figure: Figure, functionName: string, window: string): string {
  return `(sum(increase(${series(figure, 'sum', functionName)}[${window}])) or vector(0))`;
}

/** A quantile (0 to 1) of batches' figures. */
export function quantileOf(figure: Figure, quantile: number, functionName: string, window = '5m'): string {
  return `histogram_quantile(${quantile}, sum by (le) (rate(${series(figure, 'bucket', functionName)}[${window}])))`;
}
