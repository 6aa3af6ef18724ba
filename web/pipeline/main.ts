import './parts/language.ts';
import 'uplot/dist/uPlot.min.css';
import './page.css';
import './controls.css';
import './flow/flow.css';
import { byId } from './parts/dom.ts';
import { makeHeadline } from './parts/headline.ts';
import { startRouter } from './parts/router.ts';
import { follow } from './parts/stream.ts';
import { makeEventView } from './views/event-view.ts';
import { makeFailuresView } from './views/failures-view.ts';
import { makeFlowView } from './views/flow-view.ts';
import { makeModelsView } from './views/models-view.ts';
import { makeSqlView } from './views/sql-view.ts';

const views = [makeFlowView(), makeEventView(), makeFailuresView(), makeModelsView(), makeSqlView()];
const headline = makeHeadline(byId('headline'), byId('state'));
startRouter(views, { links: byId('links'), place: byId('place') });
follow({
  onHistory: (history) => {
    for (const view of views) view.restart?.(history);
  },
  onUpdate: (update) => {
    headline.update(update.snapshot);
    for (const view of views) view.update?.(update);
  },
  onState: headline.live,
});
