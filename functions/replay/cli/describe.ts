import type { Obstacle } from '../mend.ts';
import type { ReplayReport } from '../replay.ts';

const OBSTACLES: Readonly<Record<Obstacle, string>> = {
  payload_incomplete: 'left: the payload is not kept whole, so the event must be sent again',
  payload_unreadable: 'left: the payload is no JSON object; --transform can make one of it',
  no_topic: 'left: the topic takes no replays',
  file: 'left: a file; put it into the inbox bucket again',
  left_by_transform: 'left by the transform',
};

/** A report as lines for a person. */
export function describeReplay(report: ReplayReport, dryRun: boolean): string {
  const line = (count: number, text: string): string => `${String(count).padStart(8)}  ${text}\n`;
  const done = dryRun ? 'would be published again' : 'published again';
  const skipped = Object.entries(report.skipped) as [Obstacle, number][];
  return [
    line(report.found, report.found === 1 ? 'failed event found' : 'failed events found'),
    line(report.replayed, done),
    ...Object.entries(report.causes).map(([cause, count]) => line(count, `  ${cause}`)),
    ...skipped.map(([obstacle, count]) => line(count, OBSTACLES[obstacle])),
    ...(dryRun || report.replayed === 0
      ? []
      : [`What fails again has replay_id = '${report.replay_id}' in failed_events.\n`]),
  ].join('');
}
