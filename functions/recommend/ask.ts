import type { InstanceInput, Prediction, PredictionAnswer } from '../../model/protocol.ts';
import type { BatchContext } from '../../shared/batch-function.ts';
import { messageOf, TransientError } from '../../shared/errors.ts';
import type { CurrentModel } from '../../shared/events.ts';
import type { Arm } from '../../shared/experiments.ts';

/** The model behind its endpoint. */
export interface Model {
  /**
   * One answer per instance, in order.
   * @throws Error when it does not answer in time
   */
  predict(endpoint: string, instances: readonly InstanceInput[]): Promise<readonly PredictionAnswer[]>;
}

/** What is to be predicted, and by whom. */
export interface Question {
  readonly instance: InstanceInput;
  /** Undefined where no experiment runs. */
  readonly arm: Arm | undefined;
}

export interface AskOptions {
  readonly served: CurrentModel;
  readonly context: BatchContext;
  /** Whether what is popular may stand in for a model that does not answer. */
  readonly mayFallBack: boolean;
}

/** Predictions in the order of the questions: one call to each endpoint that is asked, none for an arm of popularity. */
export function makeAsk(model: Model) {
  return async (
    questions: readonly Question[],
    { served, context, mayFallBack }: AskOptions,
  ): Promise<readonly Prediction[]> => {
    const popular = popularOf(served);
    const askOne = async (
      endpoint: string,
      asked: readonly Question[],
    ): Promise<readonly (readonly [Question, Prediction])[]> => {
      try {
        const instances = asked.map(({ instance }) => instance);
        const answers = await model.predict(endpoint, instances);
        warnOfOthers(asked, answers, context);
        return asked.map((question, at) => {
          const answer = answers[at] ?? { error: 'it did not answer' };
          if (!('error' in answer)) return [question, answer];
          context.log.warn(`the model refused an instance; falling back to popularity: ${answer.error}`);
          return [question, popular];
        });
      } catch (cause) {
        const error = messageOf(cause);
        if (!mayFallBack) throw new TransientError(`the model did not answer: ${error}`, { cause });
        context.log.warn(`the model did not answer; falling back to popularity: ${error}`);
        return asked.map((question) => [question, popular]);
      }
    };
    const personal = questions.filter(({ arm }) => arm?.shows !== 'popularity');
    const byEndpoint = Map.groupBy(personal, ({ arm }) => endpointOf(arm) ?? served.endpoint);
    const answered = await Promise.all([...byEndpoint].map(([endpoint, asked]) => askOne(endpoint, asked)));
    const predictions = new Map(answered.flat());
    return questions.map((question) => predictions.get(question) ?? popular);
  };
}

/** What is popular, as a prediction. */
function popularOf({ model_version, popular }: CurrentModel): Prediction {
  return {
    model_version,
    source: 'popularity',
    items: popular.map((item_id, rank) => ({ item_id, score: 1 / (rank + 1), reason: { kind: 'popular' } })),
  };
}

function endpointOf(arm: Arm | undefined): string | undefined {
  return typeof arm?.shows === 'object' ? arm.shows.endpoint : undefined;
}

/** An endpoint that serves another version than its arm says makes the arm's figures those of a mixture. */
function warnOfOthers(
  asked: readonly Question[],
  answers: readonly PredictionAnswer[],
  { log }: BatchContext,
): void {
  for (const [at, answer] of answers.entries()) {
    const arm = asked[at]?.arm;
    if ('error' in answer || typeof arm?.shows !== 'object') continue;
    if (answer.model_version === arm.shows.model_version) continue;
    log.warn(
      `the arm ${arm.name} is to show ${arm.shows.model_version}, and its endpoint answers by ${answer.model_version}: deploy that version there alone, or change the experiment`,
    );
    return;
  }
}
