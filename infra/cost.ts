import { positiveNumber, runCommand } from '../shared/command-line.ts';
import { type Batching, costOf, dataflowCost, functionsInPlaceOfDataflow } from './cost/model.ts';
import { PRICES } from './cost/prices.ts';

const USAGE = `Usage: npm run cost -- --events-per-day N [--json]

Prints what a million events cost, by service, at list prices (infra/cost/prices.ts) and with the assumptions of
infra/cost/assumptions.ts: gathered into messages as they are, one message for each event, and beside Dataflow.
`;

await runCommand({
  call: 'npm run cost',
  usage: USAGE,
  options: { 'events-per-day': { type: 'string', default: '' }, json: { type: 'boolean', default: false } },
  run: async (values) => {
    const eventsPerDay = positiveNumber('events-per-day', values['events-per-day'].replaceAll('_', ''));
    const costs = { gathered: costOf(eventsPerDay, 'gathered'), single: costOf(eventsPerDay, 'single') };
    const dataflow = dataflowCost(eventsPerDay);
    const instead = (batching: Batching): number => functionsInPlaceOfDataflow(eventsPerDay, batching);
    if (values.json) {
      process.stdout.write(
        `${JSON.stringify({ prices: PRICES.asOf, events_per_day: eventsPerDay, ...costs, enrich_and_load: { functions: instead('gathered'), functions_single: instead('single'), dataflow } })}\n`,
      );
    } else {
      const row = (name: string, ...figures: readonly number[]): string =>
        `${name.padEnd(32)}${figures.map((figure) => figure.toFixed(2).padStart(12)).join('')}\n`;
      process.stdout.write(
        `Dollars per million events at ${eventsPerDay.toLocaleString('en')} a day; list prices of ${PRICES.asOf}\n\n${'service'.padEnd(
          32,
        )}    gathered      single\n`,
      );
      for (const [service, gathered] of Object.entries(costs.gathered.byService))
        process.stdout.write(row(service, gathered, costs.single.byService[service] ?? 0));
      process.stdout.write(row('total', costs.gathered.total, costs.single.total));
      process.stdout.write(row('events per message', costs.gathered.eventsPerMessage, 1));
      process.stdout.write(
        row(
          'a month, in dollars',
          ...Object.values(costs).map(({ total }) => (total * eventsPerDay * 30) / 1e6),
        ),
      );
      process.stdout.write(
        `\nenrich and warehouse alone: ${instead('gathered').toFixed(2)} by functions, ${dataflow.toFixed(2)} by a Dataflow streaming job\n`,
      );
    }
  },
});
