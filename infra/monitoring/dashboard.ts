import { FUNCTIONS, type FunctionSpec, TOPICS, topicsOf } from '../../shared/pipeline.ts';
import { quantileOf, rateBy, rateOf } from './promql.ts';

/** Columns of the mosaic; a stage takes one row of four tiles. */
const COLUMNS = 48;
const TILE = { width: 12, height: 12 } as const;

/** A chart of a few lines. */
interface Tile {
  readonly title: string;
  readonly lines: readonly Line[];
}

type Line =
  | { readonly legend: string; readonly promql: string }
  | { readonly filter: string; readonly aligner: string; readonly reducer: string; readonly by: string };

/**
 * The dashboard: a row for each stage, then backlog, dead letters and the model. The form is that of
 * https://cloud.google.com/monitoring/api/ref_v3/rest/v1/projects.dashboards
 */
export function dashboard(): object {
  const rows = [...FUNCTIONS.map(stageRow), backlogRow(), recommendationRow(), modelRow()];
  const tiles = rows.flatMap((row, y) =>
    row.map((tile, x) => ({
      xPos: x * TILE.width,
      yPos: y * TILE.height,
      ...TILE,
      widget: { title: tile.title, xyChart: { dataSets: tile.lines.map(dataSet) } },
    })),
  );
  return { displayName: 'nextclick', mosaicLayout: { columns: COLUMNS, tiles } };
}

function stageRow({ name }: FunctionSpec): readonly Tile[] {
  const quantiles = (figure: 'duration_ms' | 'age_ms') =>
    [0.5, 0.95, 0.99].map((quantile) => ({
      legend: `p${quantile * 100}`,
      promql: quantileOf(figure, quantile, name),
    }));
  return [
    {
      title: `${name}: events per second`,
      lines: (['in', 'out', 'failed'] as const).map((figure) => ({
        legend: figure,
        promql: rateOf(figure, name),
      })),
    },
    {
      title: `${name}: requests per second by class of answer`,
      lines: [
        {
          filter: `metric.type="run.googleapis.com/request_count" resource.type="cloud_run_revision" resource.label."service_name"="${name}"`,
          aligner: 'ALIGN_RATE',
          reducer: 'REDUCE_SUM',
          by: 'metric.label."response_code_class"',
        },
      ],
    },
    { title: `${name}: time of a batch, ms`, lines: quantiles('duration_ms') },
    { title: `${name}: age of events when done, ms`, lines: quantiles('age_ms') },
  ];
}

function backlogRow(): readonly Tile[] {
  const subscriptions = (metric: string): Line => ({
    filter: `metric.type="pubsub.googleapis.com/subscription/${metric}" resource.type="pubsub_subscription"`,
    aligner: 'ALIGN_MAX',
    reducer: 'REDUCE_MAX',
    by: 'resource.label."subscription_id"',
  });
  const topics = [...new Set(FUNCTIONS.flatMap(topicsOf))];
  return [
    { title: 'oldest message not acknowledged, s', lines: [subscriptions('oldest_unacked_message_age')] },
    { title: 'messages waiting', lines: [subscriptions('num_undelivered_messages')] },
    { title: 'dead letters per second', lines: [published([TOPICS.deadLetters])] },
    { title: 'messages published per second', lines: [published(topics)] },
  ];
}

function recommendationRow(): readonly Tile[] {
  const byModel = rateOf('by_model', 'recommend');
  const byPopularity = rateOf('by_popularity', 'recommend');
  const perHour = (figure: 'shown' | 'clicked') => rateOf(figure, 'recommend', '1h');
  return [
    {
      title: 'clicks per list of recommendations seen, over an hour',
      lines: [{ legend: 'click-through', promql: `${perHour('clicked')} / ${perHour('shown')}` }],
    },
    {
      title: 'share of recommendations by popularity, where the model did not answer',
      lines: [{ legend: 'fallback', promql: `${byPopularity} / (${byModel} + ${byPopularity})` }],
    },
    {
      title: 'recommendations per second by version of the model',
      lines: [
        // biome-ignore lint/suspicious/noTemplateCurlyInString: the dashboard fills it in.
        { legend: '${labels.model_version}', promql: rateBy('model_version', 'by_model', 'recommend') },
      ],
    },
    {
      title: 'lists seen and items clicked per second',
      lines: (['shown', 'clicked'] as const).map((figure) => ({
        legend: figure,
        promql: rateOf(figure, 'recommend'),
      })),
    },
  ];
}

function modelRow(): readonly Tile[] {
  const vertex = (metric: string, aligner: string): Line => ({
    filter: `metric.type="aiplatform.googleapis.com/prediction/online/${metric}" resource.type="aiplatform.googleapis.com/Endpoint"`,
    aligner,
    reducer: 'REDUCE_SUM',
    by: 'metric.label."deployed_model_id"',
  });
  return [
    {
      title: 'predictions per second by deployed version',
      lines: [vertex('prediction_count', 'ALIGN_RATE')],
    },
    {
      title: 'prediction errors per second by deployed version',
      lines: [vertex('error_count', 'ALIGN_RATE')],
    },
    { title: 'replicas by deployed version', lines: [vertex('replicas', 'ALIGN_MEAN')] },
  ];
}

function published(topics: readonly string[]): Line {
  const any = topics.map((topic) => `"${topic}"`).join(', ');
  return {
    filter: `metric.type="pubsub.googleapis.com/topic/send_message_operation_count" resource.type="pubsub_topic" resource.label."topic_id"=one_of(${any})`,
    aligner: 'ALIGN_RATE',
    reducer: 'REDUCE_SUM',
    by: 'resource.label."topic_id"',
  };
}

function dataSet(line: Line): object {
  if ('promql' in line) {
    return {
      plotType: 'LINE',
      targetAxis: 'Y1',
      legendTemplate: line.legend,
      timeSeriesQuery: { prometheusQuery: line.promql },
    };
  }
  const aggregation = {
    alignmentPeriod: '60s',
    perSeriesAligner: line.aligner,
    crossSeriesReducer: line.reducer,
    groupByFields: [line.by],
  };
  return {
    plotType: 'LINE',
    targetAxis: 'Y1',
    timeSeriesQuery: { timeSeriesFilter: { filter: line.filter, aggregation } },
  };
}
