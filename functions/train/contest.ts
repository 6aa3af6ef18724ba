import type { Artifact } from '../../model/artifact.ts';
import { cleaningLimits } from '../../model/build.ts';
import { evaluateHeldOut } from '../../model/evaluate.ts';
import { DEFAULT_GATE, type GateRules } from '../../model/gate.ts';
import type { Metrics } from '../../model/manifest.ts';
import type { TrainingSession } from '../../model/session.ts';
import type { CurrentModel } from '../../shared/events.ts';
import type { TrainingData } from './train.ts';

/** What a new model is to be compared with. */
export interface Challenge {
  /** The newest share of the sessions, which the live model has not seen; undefined: as the builder chooses. */
  readonly judged: number | undefined;
  /** The live model on these sessions; undefined where it cannot be compared. */
  readonly live: Metrics | undefined;
  /** Why it cannot, for a person. */
  readonly note: string | undefined;
}

/** Judges the live model on what it has not seen. */
export type Challenger = (
  current: CurrentModel | undefined,
  data: Pick<TrainingData, 'sessions'>,
) => Promise<Challenge>;

export interface ChallengerOptions {
  /** @throws Error where the artifact cannot be read */
  readonly load: (uri: string) => Promise<Artifact>;
  readonly clock: () => number;
  readonly rules?: GateRules;
}

/** The builder holds out no more. */
const MOST_JUDGED = 0.1;

/**
 * Finds the sessions newer than all that the live model was trained on, and judges it on them: on older ones it would
 * win by having seen them.
 */
export function makeChallenger({ load, clock, rules = DEFAULT_GATE }: ChallengerOptions): Challenger {
  const without = (note?: string): Challenge => ({ judged: undefined, live: undefined, note });
  return async (current, data) => {
    if (!current) return without();
    let artifact: Artifact;
    try {
      artifact = await load(current.artifact_uri);
    } catch (error) {
      return without(`the live model was not compared: ${error instanceof Error ? error.message : error}`);
    }
    const { newest_session_at: newest } = artifact.manifest;
    if (newest === undefined) return without('the live model was not compared: its sessions had no times');
    const { sessions, newer, cases } = await countNewer(data.sessions(), Date.parse(newest));
    if (cases < rules.minCases)
      return without(
        `the live model was not compared: ${cases} test cases are newer than it, ${rules.minCases} are needed`,
      );
    const judged = Math.min(MOST_JUDGED, newer / sessions);
    const limits = cleaningLimits(clock());
    const live = await evaluateHeldOut(artifact, data.sessions(), { tail: judged, limits });
    return { judged, live, note: undefined };
  };
}

async function countNewer(sessions: AsyncIterable<TrainingSession>, than: number) {
  const counts = { sessions: 0, newer: 0, cases: 0 };
  for await (const { items, times } of sessions) {
    counts.sessions += 1;
    if ((times?.at(-1) ?? 0) <= than) continue;
    counts.newer += 1;
    counts.cases += items.length - 1;
  }
  return counts;
}
