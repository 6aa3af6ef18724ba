import type { FlowSnapshot } from '../../../emulators/board/view/protocol.ts';
import { FUNCTIONS } from '../../../shared/pipeline.ts';
import { setText, svg } from '../parts/dom.ts';
import { duration, rate, short } from '../parts/format.ts';
import type { GraphEdge } from './graph.ts';
import type { Layout, Placed } from './layout.ts';

/** The pipeline as a picture that follows its figures. */
export interface Drawing {
  readonly element: SVGSVGElement;
  update(snapshot: FlowSnapshot): void;
}

type Refresh = (snapshot: FlowSnapshot) => void;

export function makeDrawing({ width, height, nodes, edges }: Layout): Drawing {
  const refreshes: Refresh[] = [];
  const label = `The flow of events: ${FUNCTIONS.map(({ name }) => name).join(', ')}; the table below has every figure`;
  const element = svg('svg', {
    viewBox: `0 0 ${width} ${height}`,
    role: 'img',
    'aria-label': label,
    class: 'flow',
  });
  const drawn = edges.map((edge) => ({ edge, path: drawEdge(edge, edges, edge.path, refreshes) }));
  element.append(svg('g', {}, ...drawn.map(({ path }) => path)));
  for (const node of nodes.values()) {
    const group = drawNode(node, refreshes, edges);
    const own = drawn.filter(({ edge }) => edge.from === node.id || edge.to === node.id);
    const mark = (on: boolean) => () => {
      for (const { path } of own) path.classList.toggle('marked', on);
    };
    group.addEventListener('pointerenter', mark(true));
    group.addEventListener('pointerleave', mark(false));
    element.append(group);
  }
  return {
    element,
    update(snapshot) {
      for (const refresh of refreshes) refresh(snapshot);
    },
  };
}

/**
 * An edge widens by a unit for every tenfold of what goes along it a second: messages of a subscription where Pub/Sub tells,
 * else the function's events.
 */
function drawEdge(
  edge: GraphEdge,
  edges: readonly GraphEdge[],
  d: string,
  refreshes: Refresh[],
): SVGPathElement {
  const path = svg('path', { d, class: edge.aside ? 'edge aside' : 'edge' });
  const functionName = [edge.from, edge.to]
    .find((id) => id.startsWith('function:'))
    ?.slice('function:'.length);
  // What a function publishes goes on by the subscriptions of that topic.
  const onward = edge.subscription === undefined ? edges.filter(({ from }) => from === edge.to) : [edge];
  const subscriptions = onward.flatMap(({ subscription }) => subscription ?? []);
  refreshes.push(({ stages, queues }) => {
    const known = subscriptions.flatMap((name) => queues[name]?.perSecond ?? []);
    const events = stages[functionName ?? '']?.rate ?? 0;
    const flows = known.length === 0 ? events : Math.min(events, Math.max(...known));
    path.classList.toggle('live', flows > 0);
    path.style.strokeWidth = String(1.5 + Math.log10(1 + flows));
  });
  return path;
}

function drawNode(node: Placed, refreshes: Refresh[], edges: readonly GraphEdge[]): SVGGElement {
  const { x, y, width, height, kind, label, side } = node;
  const box = svg('rect', {
    width: String(width),
    height: String(height),
    rx: kind === 'function' ? '10' : String(height / 2),
  });
  const group = svg(
    'g',
    { transform: `translate(${x},${y})`, class: `node ${kind}${side ? ' side' : ''}` },
    box,
  );
  const line = (at: number, name: string, text = ''): SVGTextElement => {
    const element = svg('text', { x: String(width / 2), y: String(at), class: name }, text);
    group.append(element);
    return element;
  };
  if (kind === 'source') line(height / 2 + 4, 'label', label);
  else if (kind === 'function') refreshes.push(functionText(label, line, group));
  else
    refreshes.push(
      topicText(
        label,
        line,
        group,
        edges.filter(({ from }) => from === node.id),
      ),
    );
  return group;
}

type DrawLine = (at: number, name: string, text?: string) => SVGTextElement;

function functionText(name: string, line: DrawLine, group: SVGGElement): Refresh {
  line(20, 'label', name);
  const [speed, time, trouble] = [line(38, 'figure'), line(54, 'small'), line(69, 'small trouble')];
  return ({ stages }) => {
    const stage = stages[name];
    if (!stage) return;
    setText(speed, rate(stage.rate));
    setText(
      time,
      stage.p50 === null ? 'no batches yet' : `p50 ${duration(stage.p50)} · p95 ${duration(stage.p95)}`,
    );
    const restarts = stage.restarts ?? 0;
    const troubles = [
      stage.failed > 0 ? `${short(stage.failed)} failed` : '',
      stage.redelivered > 0 ? `${short(stage.redelivered)} retried` : '',
      restarts > 0 ? `${short(restarts)} restart${restarts === 1 ? '' : 's'}` : '',
    ].filter((text) => text !== '');
    setText(trouble, troubles.join(' · '));
    group.classList.toggle('troubled', troubles.length > 0);
    group.classList.toggle('live', stage.rate > 0);
  };
}

function topicText(name: string, line: DrawLine, group: SVGGElement, readers: readonly GraphEdge[]): Refresh {
  line(18, 'label', name);
  const waiting = line(34, 'small');
  return ({ queues }) => {
    const known = readers.flatMap(({ subscription = '' }) => queues[subscription] ?? []);
    const backlog = known.reduce((sum, queue) => sum + queue.backlog, 0);
    const oldest = Math.max(0, ...known.map(({ oldestSeconds }) => oldestSeconds));
    const dead = known.reduce((sum, queue) => sum + queue.deadLettered, 0);
    const words = [
      backlog === 0 ? 'empty' : `${short(backlog)} waiting`,
      ...(oldest >= 1 ? [`oldest ${duration(oldest * 1000)}`] : []),
      ...(dead > 0 ? [`${short(dead)} dead`] : []),
    ];
    setText(waiting, known.length === 0 ? '' : words.join(' · '));
    group.classList.toggle('troubled', dead > 0 || oldest >= 10);
  };
}
