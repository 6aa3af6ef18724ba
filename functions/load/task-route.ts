import type { Route } from '../../shared/batch-function.ts';
import type { Load } from './load.ts';
import { NOTHING } from './load-context.ts';
import { LoadTask } from './load-task.ts';

/** The route of `load-chunks`. */
export function makeTaskRoute(load: Load): Route<LoadTask> {
  return {
    schema: LoadTask,
    handle: async (tasks, context) => {
      let { read, out, failed } = NOTHING;
      for (const task of tasks) {
        const report = await load.onTask(task, context);
        read += report.read;
        out += report.out;
        failed += report.failed;
      }
      return { out, metrics: { records: read, bad: failed } };
    },
  };
}
