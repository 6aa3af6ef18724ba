import { cloudEvent } from '@google-cloud/functions-framework';
import { batchFunction, route } from '../../shared/batch-function.ts';
import { functionTools } from '../../shared/function-tools.ts';
import { TOPICS } from '../../shared/pipeline.ts';
import { makeForgetRoute } from './forget-route.ts';
import { openForget } from './open-forget.ts';
import { forgetVariables } from './variables.ts';

const { config, identity, project, log, publisher, tracer } = functionTools('forget', forgetVariables);

const forget = openForget({
  project,
  dataset: config.DATASET,
  pseudonymKey: config.PSEUDONYM_KEY,
  sweepAfterMs: config.SWEEP_AFTER_MS,
});

cloudEvent(
  'forget',
  batchFunction(
    { [TOPICS.forgetRequests]: route(makeForgetRoute(forget)) },
    { identity, project, publisher, log, tracer },
  ),
);
