import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FUNCTIONS, type FunctionSpec } from '../shared/pipeline.ts';
import { type Child, startChild } from './processes/child.ts';
import { freePorts, portAnswers } from './processes/ports.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const FRAMEWORK = resolve(ROOT, 'node_modules/@google-cloud/functions-framework/build/src/main.js');

/** One line of a function's output: a JSON log entry, or plain text that is none. */
export interface FunctionLine {
  readonly function: string;
  readonly severity: string;
  readonly message: string;
  /** The figures of a line `handled`; see shared/batch-function.ts. */
  readonly metric?: Readonly<Record<string, unknown>>;
  readonly entry?: Readonly<Record<string, unknown>>;
}

/** A function as a process of its own under functions-framework, as deployed. */
export interface LocalFunction {
  readonly spec: FunctionSpec;
  readonly url: string;
  readonly child: Child;
}

export interface LocalFunctionsOptions {
  readonly env: Readonly<Record<string, string>>;
  readonly onLine: (line: FunctionLine) => void;
  readonly onDeath: (name: string, how: string) => void;
}

/**
 * The address of each function, before it runs: subscriptions must name it first.
 * @param names of the functions that are to run; default all
 */
export async function allocateFunctions(
  names: readonly string[] = FUNCTIONS.map(({ name }) => name),
): Promise<ReadonlyMap<string, number>> {
  const ports = await freePorts(names.length);
  return new Map(names.map((name, index) => [name, ports[index] ?? 0]));
}

/** Starts every function that has an address and resolves once each answers; each is restarted when it dies. */
export async function startFunctions(
  ports: ReadonlyMap<string, number>,
  { env, onLine, onDeath }: LocalFunctionsOptions,
): Promise<readonly LocalFunction[]> {
  const running = FUNCTIONS.filter(({ name }) => ports.has(name));
  const started = running.map((spec): LocalFunction & { readonly port: number } => {
    const port = ports.get(spec.name) ?? 0;
    const source = resolve(ROOT, 'functions', spec.source, 'index.ts');
    if (!existsSync(source)) throw new Error(`the function ${spec.name} has no ${source}`);
    const child = startChild({
      name: spec.name,
      args: [FRAMEWORK, `--source=${source}`, `--target=${spec.name}`, `--port=${port}`],
      env: { ...env, K_SERVICE: spec.name, K_REVISION: `${spec.name}-local`, HOST: '127.0.0.1' },
      restart: true,
      onLine: (text) => onLine(parseLine(spec.name, text)),
      onDeath: ({ code, signal }) => onDeath(spec.name, signal ?? `exit ${code}`),
    });
    return { spec, port, url: `http://127.0.0.1:${port}`, child };
  });
  await Promise.all(
    started.map(({ port, child }) =>
      portAnswers(port, 60_000, () =>
        child.restarts() >= 3 ? `the function ${child.name} dies at its start; its log says why` : undefined,
      ),
    ),
  );
  return started;
}

/** A line in Cloud Logging's form, or text that some library printed. */
function parseLine(name: string, text: string): FunctionLine {
  if (text.startsWith('{')) {
    try {
      const entry = JSON.parse(text) as Record<string, unknown>;
      return {
        function: name,
        severity: String(entry.severity ?? 'INFO'),
        message: String(entry.message ?? ''),
        ...(entry.metric === undefined ? {} : { metric: entry.metric as Record<string, unknown> }),
        entry,
      };
    } catch {
      // Plain text that begins with a brace.
    }
  }
  return { function: name, severity: 'DEFAULT', message: text };
}
