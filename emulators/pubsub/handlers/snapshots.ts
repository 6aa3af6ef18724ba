import type { Plain } from '../../protos.ts';
import type { Backend, Snapshot } from '../backend.ts';
import { checkedName, checkedProject } from '../names.ts';
import { invalid } from '../pubsub-error.ts';
import { fromMillis, millisOf } from '../well-known.ts';
import { applyMask } from './field-mask.ts';
import type { Handlers } from './handler.ts';
import { pageOf } from './page.ts';

/** google.pubsub.v1.Subscriber, as far as snapshots and seeking go. */
export function makeSnapshotHandlers(backend: Backend): Handlers {
  return {
    async CreateSnapshot({ name, subscription, labels = {} }) {
      const fresh = { name: checkedName('snapshots', name), labels: labels as Snapshot['labels'] };
      const snapshot = backend.createSnapshot(fresh, checkedName('subscriptions', subscription));
      await backend.durable();
      return resourceOf(snapshot);
    },
    GetSnapshot: ({ snapshot }) => resourceOf(backend.snapshot(checkedName('snapshots', snapshot))),
    async UpdateSnapshot({ snapshot, updateMask }) {
      const changes = (snapshot ?? {}) as Plain;
      const before = backend.snapshot(checkedName('snapshots', changes.name));
      const mutable = ['labels', 'expireTime'];
      const current = resourceOf(before);
      const after = applyMask({ kind: 'Snapshot', current, changes, mask: updateMask, mutable });
      const updated: Snapshot = {
        ...before,
        labels: (after.labels ?? {}) as Snapshot['labels'],
        expireTime: millisOf(after.expireTime) ?? before.expireTime,
      };
      backend.updateSnapshot(updated);
      await backend.durable();
      return resourceOf(updated);
    },
    ListSnapshots(request) {
      const list = backend.snapshots(checkedProject(request.project));
      const { items, ...page } = pageOf(list, request, ({ name }) => name);
      return { snapshots: items.map(resourceOf), ...page };
    },
    async DeleteSnapshot({ snapshot }) {
      backend.deleteSnapshot(checkedName('snapshots', snapshot));
      await backend.durable();
      return {};
    },
    async Seek({ subscription, snapshot, time }) {
      const name = checkedName('subscriptions', subscription);
      const ms = millisOf(time);
      if (snapshot !== undefined) backend.seekToSnapshot(name, checkedName('snapshots', snapshot));
      else if (ms !== undefined) backend.seekToTime(name, ms);
      else throw invalid('A seek is to a time or to a snapshot.');
      await backend.durable();
      return {};
    },
  };
}

function resourceOf({ name, topic, expireTime, labels }: Snapshot): Plain {
  return { name, topic, expireTime: fromMillis(expireTime), labels };
}
