import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '../shared/command-line.ts';
import { messageOf } from '../shared/errors.ts';
import { parseOverrides } from './configuration/overrides.ts';
import { shellLine } from './deploy/command.ts';
import { destroyAll, executePlan } from './deploy/execute.ts';
import { contentHash } from './deploy/fingerprint.ts';
import { type DeployOptions, readOptions, USAGE } from './deploy/options.ts';
import { countActions, planDeploy } from './deploy/plan.ts';
import { openRecord } from './deploy/record.ts';
import { planJson, planWords, tellProgress } from './deploy/report.ts';
import { makeRunCommand } from './deploy/run-command.ts';
import { planScript } from './deploy/script.ts';
import type { Phase } from './deploy/step.ts';
import { allPhases } from './deploy/steps/all.ts';
import type { Target } from './deploy/target.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function readTarget(options: DeployOptions): Promise<Target> {
  const { project, region, email, config } = options;
  const overrides = config === undefined ? {} : parseOverrides(await readFile(config, 'utf8'), config);
  return {
    project,
    region,
    email,
    overrides,
    modelTag: await contentHash(['dist/model'], ROOT),
    hosting: siteIsReady(),
  };
}

/** A site without its settings would be an empty page. */
function siteIsReady(): boolean {
  if (!existsSync(`${ROOT}dist/web/storefront/index.html`)) return false;
  const missing = ['storefront.json', 'catalog.json'].filter(
    (file) => !existsSync(`${ROOT}dist/web/${file}`),
  );
  if (missing.length > 0)
    say(
      `The site is left out: dist/web has no ${missing.join(' and no ')} (docs/storefront.md says what is in them).`,
    );
  return missing.length === 0;
}

async function deploy(options: DeployOptions): Promise<void> {
  if (options.build && !options.dryRun) {
    say('Building the functions and the model server.');
    for (const script of ['infra/build.ts', 'model/image/write-folder.ts'])
      execFileSync(process.execPath, [script], { cwd: ROOT, stdio: ['ignore', 2, 2] });
  }
  if (!existsSync(`${ROOT}dist/model`))
    say('dist/ is not built: what functions would be deployed is not compared.');
  const phases = allPhases(await readTarget(options));
  const record = await openRecord(options.record, options);
  const plan = await planDeploy(phases, record.steps, ROOT);
  if (options.json) process.stdout.write(`${JSON.stringify(planJson(plan))}\n`);
  say(planWords(plan));
  if (options.dryRun) {
    if (!options.json) process.stdout.write(planScript(plan));
    return;
  }
  const { make, change } = countActions(plan);
  if (make + change === 0) return;
  if (!(await agreed(options, `Deploy to ${options.project}?`))) return;
  const run = makeRunCommand(ROOT);
  await executePlan(plan, { run, record, progress: tellProgress(make + change, say) });
  say(
    `Everything is deployed. What was done is in ${options.record}: keep it, or the next run looks everything up again.`,
  );
}

async function destroy(options: DeployOptions): Promise<void> {
  const phases = allPhases(await readTarget(options));
  const doomed = phases
    .flatMap(({ steps }) => steps)
    .filter((step) => step.destroy && (options.data || !step.holdsData));
  if (options.dryRun) {
    for (const step of doomed.reverse()) {
      const lines = (step.destroy ?? []).map(shellLine).join('\n');
      process.stdout.write(`# ${step.name}\n${lines}\n`);
    }
    return;
  }
  const what = options.data ? 'everything, DATA AND SECRETS INCLUDED,' : 'everything but data and secrets';
  if (!(await agreed(options, `Destroy ${what} in ${options.project}?`))) return;
  const record = await openRecord(options.record, options);
  await destroyAll(phases as readonly Phase[], options, {
    run: makeRunCommand(ROOT),
    record,
    progress: tellProgress(doomed.length, say),
  });
  say(
    options.data
      ? 'Everything is gone.'
      : 'Everything but data and secrets is gone; destroy --data takes these too.',
  );
}

/** Asks on a terminal; elsewhere `--yes` must be given. */
async function agreed({ yes }: DeployOptions, question: string): Promise<boolean> {
  if (yes) return true;
  if (!process.stdin.isTTY) {
    say(`${question} Give --yes where nobody can be asked.`);
    process.exitCode = 2;
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

const options = readCommandLine(readOptions, 'npm run deploy');
try {
  if (options === undefined) process.stdout.write(USAGE);
  else if (options.action === 'destroy') await destroy(options);
  else await deploy(options);
} catch (error) {
  say(messageOf(error));
  process.exitCode = 1;
}
