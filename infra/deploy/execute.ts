import pLimit from 'p-limit';
import { messageOf } from '../../shared/errors.ts';
import { adviceOn } from './advice.ts';
import { type Command, shellLine } from './command.ts';
import type { Plan, PlannedStep } from './plan.ts';
import type { DeployRecord } from './record.ts';
import { LookupError, type RunCommand } from './run-command.ts';
import type { Phase, Step } from './step.ts';

/** A step failed; the message says which, what Google answered, and what to do. */
export class StepError extends Error {
  override readonly name = 'StepError';
}

/** Told of each step as it is done. */
export interface Progress {
  began(step: Step): void;
  ended(step: Step, outcome: 'made' | 'changed' | 'was there' | 'destroyed'): void;
}

export interface ExecuteOptions {
  readonly run: RunCommand;
  readonly record: Pick<DeployRecord, 'done' | 'gone'>;
  readonly progress: Progress;
}

/**
 * Does what the plan says, phase after phase, and records each step that is done. In a phase, what is under way is ended
 * when a step fails, and nothing new is begun.
 * @throws StepError for the first step that failed
 */
export async function executePlan({ phases }: Plan, options: ExecuteOptions): Promise<void> {
  for (const { steps, parallel } of phases) {
    const pending = steps.filter(({ action }) => action !== 'leave');
    await eachInTurn(pending, parallel, (planned) => doStep(planned, options));
  }
}

async function doStep(planned: PlannedStep, { run, record, progress }: ExecuteOptions): Promise<void> {
  const { step } = planned;
  progress.began(step);
  const there = step.exists !== undefined && (await isThere(step, step.exists, run));
  const commands = there ? (step.update ?? []) : step.create;
  for (const command of commands) await succeed(step, command, run);
  await record.done(step.name, planned.fingerprint);
  if (there) progress.ended(step, step.update ? 'changed' : 'was there');
  else progress.ended(step, planned.action === 'make' ? 'made' : 'changed');
}

/**
 * Takes away what the phases made, the last first. Data, and what cannot be had again, stay unless `data`.
 * @throws StepError
 */
export async function destroyAll(
  phases: readonly Phase[],
  { data }: { readonly data: boolean },
  { run, record, progress }: ExecuteOptions,
): Promise<void> {
  for (const { steps, parallel } of [...phases].reverse()) {
    const doomed = steps.filter((step) => step.destroy && (data || !step.holdsData));
    await eachInTurn(doomed, parallel, async (step) => {
      progress.began(step);
      if (step.exists === undefined || (await isThere(step, step.exists, run))) {
        for (const command of step.destroy ?? []) await succeed(step, command, run, ABSENT);
      }
      await record.gone(step.name);
      progress.ended(step, 'destroyed');
    });
    // What has no way to be destroyed went with what it belonged to.
    for (const step of steps) if (!step.destroy) await record.gone(step.name);
  }
}

/** What gcloud says of a thing that is not there. */
const ABSENT = /NOT_FOUND|not found|does not exist|do not exist|no such|404|could not be found/i;

async function isThere(step: Step, exists: Command, run: RunCommand): Promise<boolean> {
  const outcome = await attempt(step, exists, run);
  if (outcome.code === 0) return outcome.stdout.trim() !== '';
  if (ABSENT.test(outcome.stderr)) return false;
  throw failure(step, exists, outcome.stderr || `exit ${outcome.code}`);
}

async function succeed(step: Step, command: Command, run: RunCommand, tolerated?: RegExp): Promise<void> {
  const outcome = await attempt(step, command, run, tolerated);
  if (outcome.code === 0 || tolerated?.test(outcome.stderr)) return;
  throw failure(step, command, outcome.stderr || `exit ${outcome.code}`);
}

async function attempt(step: Step, command: Command, run: RunCommand, tolerated?: RegExp) {
  try {
    return await run(command);
  } catch (cause) {
    // What was to be looked up is gone already.
    if (cause instanceof LookupError && tolerated) return { code: 0, stdout: '', stderr: '' };
    throw failure(step, command, messageOf(cause), cause);
  }
}

function failure(step: Step, command: Command, words: string, cause?: unknown): StepError {
  const said = words
    .trim()
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n');
  return new StepError(
    `${step.name} failed.\n${said}\nThe command was:\n  ${shellLine(command)}\n${adviceOn(words)}`,
    { cause },
  );
}

async function eachInTurn<T>(
  items: readonly T[],
  parallel: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const limit = pLimit(parallel);
  const failures: unknown[] = [];
  await Promise.all(
    items.map((item) =>
      limit(async () => {
        if (failures.length > 0) return;
        await work(item).catch((error: unknown) => failures.push(error));
      }),
    ),
  );
  if (failures.length > 0) throw failures[0];
}
