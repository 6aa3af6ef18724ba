import type { z } from 'zod';
import { commonConfig } from '../../shared/config.ts';
import { FUNCTIONS, type FunctionSpec } from '../../shared/pipeline.ts';
import { describeVariable } from './describe-variable.ts';
import { VARIABLES } from './variables.ts';

const HEAD = `# Configuration

Every variable of every function, written from the schemas that the functions read their environment by; do not edit this page,
run \`npm run render\`. Give values to a deploy in a file, by function, \`*\` for all:

\`\`\`json
{ "*": { "LOG_LEVEL": "WARNING" }, "push": { "PUSH_FCM": "false" } }
\`\`\`

\`npm run deploy -- --config FILE\` reads it, and refuses a name or a value that does not fit before it changes anything. Secrets
live in Secret Manager and are never in this file.
`;

/** The page docs/configuration.md. */
export function configurationPage(): string {
  const all = section('All functions', '', commonConfig);
  const each = FUNCTIONS.map((spec) =>
    section(spec.name, `${sentence(spec.summary)} ${runs(spec)}`, VARIABLES[spec.name] ?? {}, spec.secrets),
  );
  return `${[HEAD, all, ...each].join('\n')}`;
}

function section(
  title: string,
  words: string,
  shape: z.ZodRawShape,
  secrets: readonly string[] = [],
): string {
  const rows = Object.entries(shape).map(([name, schema]) => {
    const { values, fallback, required, effect } = describeVariable(name, schema as z.ZodType);
    const otherwise = required ? '**required**' : fallback === undefined ? '' : `\`${fallback}\``;
    const secret = secrets.includes(name) ? ' Secret.' : '';
    return `| \`${name}\` | ${cell(values)} | ${otherwise} | ${cell(effect)}${secret} |`;
  });
  const table =
    rows.length === 0
      ? 'No variables of its own.\n'
      : `${['| variable | values | default | effect |', '|---|---|---|---|', ...rows].join('\n')}\n`;
  return `## ${title}\n${words ? `\n${words}\n` : ''}\n${table}`;
}

function runs(spec: FunctionSpec): string {
  return (
    `${spec.memoryMiB} MiB, ${spec.cpu} CPU, ${spec.concurrency === 1 ? 'one request' : `${spec.concurrency} requests`} at a time, ${spec.timeoutSeconds} s, ` +
    `${spec.minInstances} to ${spec.maxInstances} instances (\`shared/pipeline.ts\`).`
  );
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|').replaceAll('\n', ' ');
}
