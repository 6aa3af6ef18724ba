import type { InstanceInput, PredictionAnswer } from '../protocol.ts';
import type { ModelRecord } from './model-record.ts';

/** Asks a canary some questions through its endpoint, as recommend does. */
export type Trial = (
  endpoint: string,
  record: Pick<ModelRecord, 'model_version' | 'popular'>,
) => Promise<{ readonly passes: boolean; readonly report: readonly string[] }>;

export interface TrialOptions {
  /** @throws Error where the endpoint does not answer in time */
  readonly predict: (
    endpoint: string,
    instances: readonly InstanceInput[],
  ) => Promise<readonly PredictionAnswer[]>;
  readonly clock: () => number;
  /** Answers of the canary that are waited for. */
  readonly answers: number;
  /** Calls at most: with a tenth of the traffic, one in ten meets the canary. */
  readonly calls: number;
  /** Calls that may fail. */
  readonly failures: number;
}

/** A trial that passes when the canary has answered often enough, always with a list, and few calls failed. */
export function makeTrial({ predict, clock, answers, calls, failures }: TrialOptions): Trial {
  return async (endpoint, { model_version: version, popular }) => {
    let answered = 0;
    let call = 0;
    const problems: string[] = [];
    for (; call < calls && answered < answers && problems.length <= failures; call += 1) {
      try {
        const asked = [instanceOf(popular[call % Math.max(1, popular.length)], clock())];
        const [prediction] = await predict(endpoint, asked);
        if (prediction && 'error' in prediction) throw new Error(prediction.error);
        if (prediction?.model_version !== version) continue;
        answered += 1;
        if (prediction.items.length === 0 && popular.length > 1)
          return { passes: false, report: ['tried in traffic: the canary answered an empty list'] };
      } catch (error) {
        problems.push(error instanceof Error ? error.message : String(error));
      }
    }
    if (problems.length > failures) {
      const [first] = problems;
      return {
        passes: false,
        report: [`tried in traffic: ${problems.length} of ${call} calls failed: ${first}`],
      };
    }
    const passes = answered >= answers;
    return {
      passes,
      report: [
        `tried in traffic: the canary answered ${answered} of ${call} calls, ${answers} were waited for`,
      ],
    };
  };
}

function instanceOf(item: string | undefined, now: number): InstanceInput {
  const items =
    item === undefined
      ? []
      : [{ item_id: item, event_name: 'view_item', event_time: new Date(now).toISOString() }];
  return { items, limit: 10 };
}
