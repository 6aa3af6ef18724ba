import { type CloudEvent, cloudEvent } from '@google-cloud/functions-framework';
import { functionTools } from '../../shared/function-tools.ts';
import { makeGcsObjects } from './gcs-objects.ts';
import { makeLoad } from './load.ts';
import { makeObjectHandler, type ObjectData } from './object-handler.ts';
import { SOURCES } from './sources/sources.ts';
import { loadVariables } from './variables.ts';

const { config, identity, project, log, publisher } = functionTools('load', loadVariables);

const load = makeLoad({
  identity,
  objects: makeGcsObjects({ projectId: project }),
  sources: SOURCES,
  publisher,
  concurrency: config.PUBLISH_CONCURRENCY,
});

const handle = makeObjectHandler({ load, project, log });
cloudEvent('load', (event: CloudEvent<ObjectData>) => handle(event));
