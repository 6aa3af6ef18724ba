import { parseArgs } from 'node:util';
import { ConfigError, messageOf } from '../../../../shared/errors.ts';
import { startCloudView } from './index.ts';

const USAGE = `Usage: npm run view -- --project PROJECT [--port PORT]

Serves the pipeline view of a deployed project on this machine, until Ctrl-C. It reads Cloud Monitoring, Pub/Sub, BigQuery and
Firestore with your own credentials (gcloud auth application-default login); a replay publishes with them. Of the local stack,
npm start serves it.
`;

try {
  const { values } = parseArgs({
    options: {
      project: { type: 'string' },
      port: { type: 'string', default: '0' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const port = Number(values.port);
  if (values.help) process.stdout.write(USAGE);
  else if (!values.project || !Number.isInteger(port) || port < 0 || port > 65_535) {
    process.stderr.write(`--project is required, and --port a port.\n\n${USAGE}`);
    process.exitCode = 2;
  } else {
    const say = (line: string): void => void process.stderr.write(`${line}\n`);
    const view = await startCloudView({ project: values.project, port, say });
    process.stdout.write(`pipeline view of ${values.project}: http://127.0.0.1:${view.port}/\n`);
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => process.exit(0));
  }
} catch (error) {
  const misused = !(error instanceof ConfigError);
  process.stderr.write(`${messageOf(error)}\n${misused ? USAGE : ''}`);
  process.exitCode = misused ? 2 : 1;
}
