import { Hono } from 'hono';
import { portNumber, runCommand } from '../../shared/command-line.ts';
import { ConfigError } from '../../shared/errors.ts';
import { listen } from '../emulator.ts';
import { ConnectionFault, startFaultProxy } from './tcp-proxy.ts';

const USAGE = `Usage: node emulators/faults/proxy-command.ts --to HOST:PORT [--port PORT] [--control-port PORT]

Stands between clients and a server that has no faults of its own to set, such as Google's emulators. Prints where clients
connect, and where faults are set:

  curl -d '{"latency_ms":200}' http://127.0.0.1:CONTROL/_emulator/faults

Words: latency_ms, hang (answers do not come), refuse (connections are reset at once), reset (those that are open, once);
{} heals. Without ports, any free ones.
`;

await runCommand({
  call: 'node emulators/faults/proxy-command.ts',
  usage: USAGE,
  options: {
    to: { type: 'string', default: '' },
    port: { type: 'string', default: '0' },
    'control-port': { type: 'string', default: '0' },
  },
  run: async (values) => {
    const { host, port } = /^(?<host>[^:]+):(?<port>\d+)$/.exec(values.to)?.groups ?? {};
    if (host === undefined) throw new ConfigError('--to must be like 127.0.0.1:8085.');
    const proxy = await startFaultProxy({
      to: { host, port: portNumber('to', port ?? '') },
      port: portNumber('port', values.port),
    });
    const app = new Hono();
    app.get('/_emulator/faults', (context) => context.json(proxy.fault));
    app.post('/_emulator/faults', async (context) => {
      const parsed = ConnectionFault.safeParse(await context.req.json().catch(() => undefined));
      if (!parsed.success) return context.text(`${parsed.error.message}\n\n${USAGE}`, 400);
      proxy.set(parsed.data);
      return context.json(proxy.fault);
    });
    const control = await listen(app, { port: portNumber('control-port', values['control-port']) });
    process.stdout.write(
      `clients connect to 127.0.0.1:${proxy.port}; faults are set at http://127.0.0.1:${control.port}/_emulator/faults\n`,
    );
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(
        signal,
        () => void Promise.all([proxy.close(), control.close()]).finally(() => process.exit(0)),
      );
    }
  },
});
