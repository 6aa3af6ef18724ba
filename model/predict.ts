import { z } from 'zod';
import { Instance, PREDICT_MAX_BYTES, type PredictionAnswer } from './protocol.ts';
import type { Recommender } from './recommender.ts';

/** An HTTP answer. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Answers a predict call from its body's bytes. */
export type Predict = (body: Uint8Array) => Answer | Promise<Answer>;

const Body = z.object({ instances: z.array(z.unknown()).min(1) });

/**
 * Answers a predict call from its body's bytes. An instance that is wrong gets, at its own index, an error that says
 * where; the others are answered.
 */
export function makePredict(recommend: Recommender): (body: Uint8Array) => Answer {
  return (bytes) => {
    if (bytes.length > PREDICT_MAX_BYTES)
      return failure(
        413,
        `the request has ${bytes.length} bytes, at most ${PREDICT_MAX_BYTES} fit: send fewer instances`,
      );
    let json: unknown;
    try {
      json = JSON.parse(Buffer.from(bytes).toString('utf8'));
    } catch {
      return failure(400, 'the request is not JSON: send {"instances":[…]}');
    }
    const body = Body.safeParse(json);
    if (!body.success) return failure(400, `instances: ${body.error.issues[0]?.message ?? 'missing'}`);
    const predictions = body.data.instances.map((candidate, at): PredictionAnswer => {
      const instance = Instance.safeParse(candidate);
      return instance.success ? recommend(instance.data) : { error: describe(at, instance.error) };
    });
    const answer = JSON.stringify({ predictions });
    if (Buffer.byteLength(answer) > PREDICT_MAX_BYTES)
      return failure(
        400,
        `the answer exceeds ${PREDICT_MAX_BYTES} bytes: send fewer instances, or a smaller limit`,
      );
    return { status: 200, body: answer };
  };
}

/** `instances[3].items[0].item_id: Invalid input: expected string, received number`. */
function describe(at: number, error: z.ZodError): string {
  const issue = error.issues[0];
  const path = (issue?.path ?? []).map((part) =>
    typeof part === 'number' ? `[${part}]` : `.${String(part)}`,
  );
  return `instances[${at}]${path.join('')}: ${issue?.message ?? 'invalid'}`;
}

function failure(status: number, error: string): Answer {
  return { status, body: JSON.stringify({ error }) };
}
