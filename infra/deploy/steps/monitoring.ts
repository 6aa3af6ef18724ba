import { alertPolicies } from '../../monitoring/alerts.ts';
import { logMetrics } from '../../monitoring/log-metrics.ts';
import { type Command, gcloud, withOutput } from '../command.ts';
import type { Phase, Step } from '../step.ts';
import { serviceAccount, type Target } from '../target.ts';

const FILES = 'infra/monitoring/files';
const UPTIME = 'nextclick ingest';

/** Log-based metrics, the dashboard, alerts with whom to tell, and a check that ingest answers the world. */
export function monitoringPhases(target: Target): readonly Phase[] {
  return [
    {
      title: 'metrics',
      steps: [...metricSteps(target), ...channelSteps(target), gapQueryStep(target)],
      parallel: 4,
    },
    {
      title: 'dashboard and alerts',
      steps: [dashboardStep(target), ...alertSteps(target), uptimeStep(target)],
      parallel: 4,
    },
  ];
}

function metricSteps(target: Target): readonly Step[] {
  const project = `--project=${target.project}`;
  return logMetrics().map(({ name }): Step => {
    const file = `${FILES}/metrics/${name}.json`;
    return {
      name: `metric ${name}`,
      exists: gcloud('logging', 'metrics', 'describe', name, '--format=value(name)', project),
      create: [gcloud('logging', 'metrics', 'create', name, `--config-from-file=${file}`, project)],
      update: [gcloud('logging', 'metrics', 'update', name, `--config-from-file=${file}`, project)],
      reads: [file],
      destroy: [gcloud('logging', 'metrics', 'delete', name, '--quiet', project)],
    };
  });
}

/** gcloud knows no scheduled queries; the command finds out itself whether there is one. */
function gapQueryStep(target: Target): Step {
  const { project, region } = target;
  const command = ['infra/deploy/schedule-query-command.ts', `--project=${project}`, `--region=${region}`];
  const account = `--account=${serviceAccount(target, 'monitor')}`;
  return {
    name: 'scheduled query for missing events',
    create: [{ program: 'node', words: [...command, account] }],
    reads: ['infra/monitoring/conservation-gap.sql', 'infra/monitoring/conservation-gap.ts'],
    destroy: [{ program: 'node', words: [...command, '--remove'] }],
  };
}

function channelSteps({ project, email }: Target): readonly Step[] {
  if (email === undefined) return [];
  return [
    {
      name: `alerts to ${email}`,
      exists: findChannel(project),
      create: [
        gcloud(
          'beta',
          'monitoring',
          'channels',
          'create',
          '--display-name=nextclick',
          '--type=email',
          `--channel-labels=email_address=${email}`,
          `--project=${project}`,
        ),
      ],
      destroy: [
        gcloud(
          'beta',
          'monitoring',
          'channels',
          'delete',
          withOutput('', findChannel(project)),
          '--force',
          '--quiet',
          `--project=${project}`,
        ),
      ],
    },
  ];
}

function dashboardStep(target: Target): Step {
  const project = `--project=${target.project}`;
  const file = `${FILES}/dashboard.json`;
  const find = gcloud(
    'monitoring',
    'dashboards',
    'list',
    '--filter=displayName=nextclick',
    '--format=value(name)',
    project,
  );
  const remove = gcloud('monitoring', 'dashboards', 'delete', withOutput('', find), '--quiet', project);
  const create = gcloud('monitoring', 'dashboards', 'create', `--config-from-file=${file}`, project);
  // An update must name the version it replaces; this one is ours whole.
  return {
    name: 'dashboard',
    exists: find,
    create: [create],
    update: [remove, create],
    reads: [file],
    destroy: [remove],
  };
}

function alertSteps({ project, email }: Target): readonly Step[] {
  return Object.entries(alertPolicies()).map(([name, policy]): Step => {
    const file = `${FILES}/alerts/${name}.json`;
    const { displayName } = policy as { readonly displayName: string };
    const find = gcloud(
      'alpha',
      'monitoring',
      'policies',
      'list',
      `--filter=displayName="${displayName}"`,
      '--format=value(name)',
      `--project=${project}`,
    );
    const told = email === undefined ? [] : [withOutput('--notification-channels=', findChannel(project))];
    const content = [`--policy-from-file=${file}`, `--project=${project}`];
    return {
      name: `alert ${name}`,
      exists: find,
      create: [gcloud('alpha', 'monitoring', 'policies', 'create', ...told, ...content)],
      update: [gcloud('alpha', 'monitoring', 'policies', 'update', withOutput('', find), ...content)],
      reads: [file],
      destroy: [
        gcloud(
          'alpha',
          'monitoring',
          'policies',
          'delete',
          withOutput('', find),
          '--quiet',
          `--project=${project}`,
        ),
      ],
    };
  });
}

function uptimeStep({ project, region }: Target): Step {
  const address = gcloud(
    'functions',
    'describe',
    'ingest',
    '--gen2',
    `--region=${region}`,
    '--format=value(serviceConfig.uri.slice(8:))',
    `--project=${project}`,
  );
  const find = gcloud(
    'monitoring',
    'uptime',
    'list-configs',
    `--filter=displayName="${UPTIME}"`,
    '--format=value(name)',
    `--project=${project}`,
  );
  return {
    name: 'uptime check of ingest',
    exists: find,
    create: [
      gcloud(
        'monitoring',
        'uptime',
        'create',
        UPTIME,
        '--resource-type=uptime-url',
        withOutput('--resource-labels=host=', address, `,project_id=${project}`),
        '--protocol=https',
        '--path=/health',
        '--period=5',
        `--project=${project}`,
      ),
    ],
    destroy: [
      gcloud('monitoring', 'uptime', 'delete', withOutput('', find), '--quiet', `--project=${project}`),
    ],
  };
}

function findChannel(project: string): Command {
  return gcloud(
    'beta',
    'monitoring',
    'channels',
    'list',
    '--filter=displayName=nextclick',
    '--format=value(name)',
    `--project=${project}`,
  );
}
