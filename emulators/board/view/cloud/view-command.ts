import { portNumber, runCommand } from '../../../../shared/command-line.ts';
import { ConfigError } from '../../../../shared/errors.ts';
import { startCloudView } from './index.ts';

const USAGE = `Usage: npm run view -- --project PROJECT [--port PORT]

Serves the pipeline view of a deployed project on this machine, until Ctrl-C. It reads Cloud Monitoring, Pub/Sub, BigQuery and
Firestore with your own credentials (gcloud auth application-default login); a replay publishes with them. Of the local stack,
npm start serves it.
`;

await runCommand({
  call: 'npm run view',
  usage: USAGE,
  options: { project: { type: 'string' }, port: { type: 'string', default: '0' } },
  run: async (values) => {
    if (!values.project) throw new ConfigError('--project is missing: the id of a Google Cloud project');
    const port = portNumber('port', values.port);
    const say = (line: string): void => void process.stderr.write(`${line}\n`);
    const view = await startCloudView({ project: values.project, port, say });
    process.stdout.write(`pipeline view of ${values.project}: http://127.0.0.1:${view.port}/\n`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));
  },
});
