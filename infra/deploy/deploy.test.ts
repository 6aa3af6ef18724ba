import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TrainRequest } from '../../shared/events.ts';
import { FUNCTIONS, SCHEDULES, TOPICS } from '../../shared/pipeline.ts';
import { type Command, gcloud, shellLine, withOutput } from './command.ts';
import { destroyAll, executePlan } from './execute.ts';
import { countActions, planDeploy } from './plan.ts';
import { openRecord } from './record.ts';
import { LookupError, type Outcome, type RunCommand } from './run-command.ts';
import { planScript } from './script.ts';
import type { Phase } from './step.ts';
import { allPhases } from './steps/all.ts';

const place = { project: 'demo', region: 'europe-west1' };
const target = { ...place, overrides: {}, email: 'ops@shop.example', modelTag: 'abc', hosting: true };
const quiet = { began: () => undefined, ended: () => undefined };
const answer = (code: number, stdout = '', stderr = ''): Outcome => ({ code, stdout, stderr });

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nextclick-deploy-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A cloud where nothing is, until a command makes it. */
function emptyCloud(fail: (line: string) => string | undefined = () => undefined) {
  const lines: string[] = [];
  const run: RunCommand = async (command) => {
    const line = shellLine(command);
    lines.push(line);
    const words = fail(line);
    if (words) return answer(1, '', words);
    return / (describe|list|list-configs) /.test(line.replace(/\$\(.*\)/, ''))
      ? answer(1, '', 'NOT_FOUND: none')
      : answer(0, 'done');
  };
  return { run, lines };
}

async function deployed(record: string, phases: readonly Phase[], run: RunCommand) {
  const opened = await openRecord(join(folder, record), place);
  const plan = await planDeploy(phases, opened.steps, '.');
  await executePlan(plan, { run, record: opened, progress: quiet });
}
const planOf = async (record: string, phases: readonly Phase[]) =>
  planDeploy(phases, (await openRecord(join(folder, record), place)).steps, '.');

describe('a deploy', () => {
  const phases = allPhases(target);

  it('has every function, topic, trigger and right of the topology, each once', () => {
    const names = phases.flatMap(({ steps }) => steps.map(({ name }) => name));
    expect(new Set(names).size).toBe(names.length);
    for (const spec of FUNCTIONS) {
      expect(names).toContain(`function ${spec.name}`);
      for (const role of spec.roles) expect(names).toContain(`role ${role} of nextclick-${spec.name}`);
      for (const secret of spec.secrets)
        expect(names).toContain(`access of nextclick-${spec.name} to ${secret}`);
      for (const trigger of spec.triggers) {
        const source =
          trigger.kind === 'topic' ? trigger.topic : trigger.kind === 'bucket' ? trigger.bucket : undefined;
        if (source) expect(names).toContain(`delivery of ${source} to ${spec.name}`);
      }
    }
    for (const topic of Object.values(TOPICS)) expect(names).toContain(`topic ${topic}`);
  });

  it('makes everything, and a second run plans no change', async () => {
    const { run, lines } = emptyCloud();
    await deployed('twice.json', phases, run);
    const second = await planOf('twice.json', phases);
    expect(countActions(second)).toEqual({
      make: 0,
      change: 0,
      leave: phases.flatMap((p) => p.steps).length,
    });
    expect(planScript(second)).toBe('');
    expect(lines.filter((line) => line.includes('gcloud functions deploy'))).toHaveLength(FUNCTIONS.length);
  });

  it('changes only what differs', async () => {
    await deployed('differs.json', phases, emptyCloud().run);
    const changed = allPhases({ ...target, overrides: { push: { PUSH_FCM: 'false' } } });
    const plan = await planOf('differs.json', changed);
    const pending = plan.phases.flatMap(({ steps }) => steps.filter(({ action }) => action !== 'leave'));
    expect(pending.map(({ step, action }) => [step.name, action])).toEqual([['function push', 'change']]);
    expect(planScript(plan)).toContain('PUSH_FCM=false');
  });

  it('stops at a failure, says which step, what was answered and what to do, and is taken up there', async () => {
    const broken = emptyCloud((line) =>
      line.includes('topics create failed-events')
        ? 'ERROR: PERMISSION_DENIED: no right to create'
        : undefined,
    );
    const failing = deployed('broken.json', phases, broken.run);
    await expect(failing).rejects.toThrow(
      /topic failed-events failed[\s\S]*PERMISSION_DENIED[\s\S]*role Owner/,
    );
    expect(broken.lines.some((line) => line.includes('functions deploy'))).toBe(false);

    const mended = emptyCloud();
    await deployed('broken.json', phases, mended.run);
    expect(mended.lines.some((line) => line.includes('service-accounts create'))).toBe(false);
    expect(mended.lines.filter((line) => line.includes('topics create failed-events'))).toHaveLength(1);
    expect(countActions(await planOf('broken.json', phases)).leave).toBeGreaterThan(100);
  });

  it('leaves what is there already, and brings to date what may differ', async () => {
    const run: RunCommand = async (command) => {
      const line = shellLine(command);
      expect(line).not.toMatch(/topics create|secrets create|jobs create/);
      if (line.includes('scheduler jobs update')) updates.push(line);
      return answer(0, 'it-is-there');
    };
    const updates: string[] = [];
    await deployed('there.json', phases, run);
    expect(updates).toHaveLength(SCHEDULES.length);
  });

  it('does not take an error for absence', async () => {
    const run: RunCommand = async (command) =>
      shellLine(command).includes('describe') ? answer(1, '', 'billing account is closed') : answer(0, 'x');
    await expect(deployed('closed.json', phases, run)).rejects.toThrow(/billing[\s\S]*Enable billing/);
  });

  it('gives secrets random values on standard input only', () => {
    const values = phases.find(({ title }) => title === 'values of secrets')?.steps ?? [];
    expect(values.map(({ create: [command] }) => command?.input)).toEqual(values.map(() => 'random-secret'));
    expect(planScriptOf(values[0]?.create)).toContain('openssl rand -hex 32');
  });
});

describe('destroy', () => {
  const phases = allPhases(target);
  const destroyed = async (data: boolean) => {
    const lines: string[] = [];
    const run: RunCommand = async (command: Command) => {
      lines.push(shellLine(command));
      return answer(0, 'there');
    };
    const record = await openRecord(join(folder, `destroy-${data}.json`), place);
    await record.done('topic clickstream-raw', 'x');
    await destroyAll(phases, { data }, { run, record, progress: quiet });
    return {
      lines: lines.filter((line) => /delete|rm |drop|remove/.test(line)),
      left: [...record.steps.keys()],
    };
  };

  it('keeps data and secrets unless told', async () => {
    const { lines, left } = await destroyed(false);
    expect(lines.some((line) => line.includes('functions delete enrich'))).toBe(true);
    expect(lines.filter((line) => /buckets|secrets|firestore|drop-command/.test(line))).toEqual([]);
    expect(left).toEqual([]);
    const triggers = lines.findIndex((line) => line.includes('eventarc triggers delete'));
    expect(triggers).toBeLessThan(lines.findIndex((line) => line.includes('functions delete')));
  });

  it('takes data too when told, and what is gone already is no failure', async () => {
    const { lines } = await destroyed(true);
    expect(lines.some((line) => line.includes('secrets delete PSEUDONYM_KEY'))).toBe(true);
    const gone: RunCommand = async (command) => {
      if (shellLine(command).includes('channels delete')) throw new LookupError(command, answer(0));
      return answer(1, '', 'ERROR: NOT_FOUND');
    };
    const record = await openRecord(join(folder, 'gone.json'), place);
    await destroyAll(phases, { data: true }, { run: gone, record, progress: quiet });
  });
});

describe('the record', () => {
  it('is of one project and region, and told to be broken where it is', async () => {
    const file = join(folder, 'record.json');
    await (await openRecord(file, place)).done('a', '1');
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ project: 'demo', steps: { a: '1' } });
    await expect(openRecord(file, { ...place, project: 'other' })).rejects.toThrow(
      /records a deployment to demo/,
    );
    await writeFile(file, '{');
    await expect(openRecord(file, place)).rejects.toThrow(/no record of a deployment.*Remove it/);
  });
});

it('writes shell lines that keep each word whole', () => {
  const inner = gcloud('projects', 'describe', 'p', '--format=value(projectNumber)');
  expect(shellLine(gcloud('x', "it's", withOutput('a-', inner, '@b')))).toBe(
    `gcloud x 'it'\\''s' "a-$(gcloud projects describe p '--format=value(projectNumber)')@b"`,
  );
});

function planScriptOf(commands: readonly Command[] = []): string {
  return commands.map(shellLine).join('\n');
}

it('schedules messages that their functions take', () => {
  const orders = SCHEDULES.filter(({ topic }) => topic === TOPICS.trainRequests);
  expect(orders.length).toBeGreaterThan(0);
  for (const { message } of orders) {
    const { events } = message as { readonly events: readonly unknown[] };
    for (const event of events) expect(TrainRequest.parse(event)).toMatchObject({ refresh_days: 1 });
  }
});
