import type { Metrics } from './manifest.ts';

/** What a new model must keep to be served. */
export interface GateRules {
  /** How far HR@20 and MRR@20 may fall below the live model's, as a share of them. */
  readonly margin: number;
  /** Least share of the items that lists must reach. */
  readonly minCoverage: number;
  /** Test cases below which nothing is concluded from a comparison. */
  readonly minCases: number;
}

export const DEFAULT_GATE: GateRules = { margin: 0.02, minCoverage: 0.05, minCases: 200 };

/** Whether a model may be served, and in a person's words why or why not. */
export interface Verdict {
  readonly passes: boolean;
  readonly report: readonly string[];
}

/** What is compared: each judged on the same, newest sessions. */
export interface Contest {
  readonly candidate: Metrics;
  /** The model being served; undefined for the first. */
  readonly live: Metrics | undefined;
  readonly popularity: Metrics | undefined;
}

/** Judges a new model before it is served. */
export function gate({ candidate, live, popularity }: Contest, rules: GateRules = DEFAULT_GATE): Verdict {
  if (candidate.cases < rules.minCases)
    return {
      passes: true,
      report: [
        `passes unjudged: ${candidate.cases} test cases, ${rules.minCases} are needed to conclude anything`,
      ],
    };
  const failures: string[] = [];
  for (const [name, key] of [
    ['HR@20', 'hr20'],
    ['MRR@20', 'mrr20'],
  ] as const) {
    const least = (live?.[key] ?? 0) * (1 - rules.margin);
    if (candidate[key] < least)
      failures.push(
        `${name} ${candidate[key].toFixed(4)} is below ${least.toFixed(4)}, the live model's less ${rules.margin * 100} %`,
      );
  }
  if (popularity && candidate.hr20 < popularity.hr20)
    failures.push(`HR@20 ${candidate.hr20.toFixed(4)} is below popularity's ${popularity.hr20.toFixed(4)}`);
  if (candidate.coverage < rules.minCoverage)
    failures.push(
      `lists reach ${(candidate.coverage * 100).toFixed(1)} % of the items, ${rules.minCoverage * 100} % are required`,
    );
  if (failures.length > 0) return { passes: false, report: failures };
  const compared = live
    ? `, live ${live.hr20.toFixed(4)} / ${live.mrr20.toFixed(4)}`
    : ', no live model compared';
  return {
    passes: true,
    report: [
      `passes: HR@20 / MRR@20 ${candidate.hr20.toFixed(4)} / ${candidate.mrr20.toFixed(4)}${compared}, ${candidate.cases} cases`,
    ],
  };
}
