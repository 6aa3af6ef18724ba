import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../emulators/protos.ts';
import { fromJson } from '../../emulators/transcoding/json.ts';
import { dashboard } from './dashboard.ts';
import { monitoringFiles } from './files.ts';
import { logMetrics, metricName } from './log-metrics.ts';

const PROTOS = {
  dashboards: loadProtos('@google-cloud/monitoring-dashboards/build/protos/protos.json'),
  monitoring: loadProtos('@google-cloud/monitoring/build/protos/protos.json'),
  logging: loadProtos('@google-cloud/logging-api/build/protos/protos.json'),
};

/** The message that Google publishes for a file, by its path. */
function formOf(path: string) {
  if (path.startsWith('alerts/'))
    return PROTOS.monitoring.root.lookupType('google.monitoring.v3.AlertPolicy');
  if (path.startsWith('metrics/')) return PROTOS.logging.root.lookupType('google.logging.v2.LogMetric');
  return PROTOS.dashboards.root.lookupType('google.monitoring.dashboard.v1.Dashboard');
}

const files = Object.entries(monitoringFiles()).map(([path, text]) => ({
  path,
  json: JSON.parse(text) as object,
}));

describe('monitoring files, by the forms that Google publishes', () => {
  it.each(files)('$path has known fields, kinds and enums only', ({ path, json }) => {
    const type = formOf(path);
    const message = fromJson(type, json);
    expect(type.verify(type.fromObject(message))).toBeNull();
  });

  it('would tell a field, an enum or a duration that is none', () => {
    const policy = formOf('alerts/x');
    for (const wrong of [
      { displayname: 'x' },
      { combiner: 'EITHER' },
      { conditions: [{ conditionAbsent: { duration: 'half an hour' } }] },
    ])
      expect(() => fromJson(policy, wrong)).toThrow();
  });

  it('reads only metrics of its own that are there', () => {
    const known = new Set(logMetrics().map(({ name }) => name));
    const text = JSON.stringify(files.map(({ json }) => json));
    const read = [...text.matchAll(/nextclick_[a-z_]+?(?=_(?:sum|count|bucket)\{|\\")/g)].map(
      ([name]) => name,
    );
    expect(read).toContain(metricName('clicked'));
    expect(read.filter((name) => !known.has(name))).toEqual([]);
  });

  it('has tiles beside each other, none over another', () => {
    const { mosaicLayout } = dashboard() as {
      mosaicLayout: {
        columns: number;
        tiles: { xPos: number; yPos: number; width: number; height: number }[];
      };
    };
    const taken = new Set<string>();
    for (const { xPos, yPos, width, height } of mosaicLayout.tiles) {
      expect(xPos + width).toBeLessThanOrEqual(mosaicLayout.columns);
      for (let x = xPos; x < xPos + width; x += 1) {
        for (let y = yPos; y < yPos + height; y += 1) {
          expect(taken.has(`${x},${y}`)).toBe(false);
          taken.add(`${x},${y}`);
        }
      }
    }
  });
});
