import {
  FUNCTIONS,
  type FunctionSpec,
  subscriptionName,
  TOPICS,
  type Topic,
  topicsOf,
} from '../../../shared/pipeline.ts';

/** A function, a topic, or where events come from. */
export interface GraphNode {
  readonly id: string;
  readonly kind: 'function' | 'topic' | 'source';
  readonly label: string;
  /** Topics for what does not go on: drawn below the rest. */
  readonly side: boolean;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Of a topic and its reader: the subscription between them. */
  readonly subscription?: string;
  /** Publishing to a side topic, to one that the publisher itself reads, or again to where it failed: no step forward. */
  readonly aside: boolean;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

/** Where events end that do not go on. */
const SIDE: readonly Topic[] = [TOPICS.failed, TOPICS.consentDrops, TOPICS.deadLetters];

/** What triggers a function that sends events in again, to wherever they failed. */
const AGAIN: Topic = TOPICS.replayRequests;

/** The pipeline's functions, topics and sources as a graph. */
export function pipelineGraph(functions: readonly FunctionSpec[] = FUNCTIONS): Graph {
  const nodes = new Map<string, GraphNode>();
  const edges: GraphEdge[] = [];
  const add = (kind: GraphNode['kind'], label: string, side = false): string => {
    const id = `${kind}:${label}`;
    nodes.set(id, { id, kind, label, side });
    return id;
  };
  const topicNode = (name: Topic): string => add('topic', name, SIDE.includes(name));
  for (const spec of functions) {
    const own = add('function', spec.name);
    for (const trigger of spec.triggers) {
      if (trigger.kind === 'topic') {
        const subscription = subscriptionName(spec, trigger.topic);
        edges.push({ from: topicNode(trigger.topic), to: own, subscription, aside: false });
      } else {
        const label = trigger.kind === 'http' ? 'HTTP' : `bucket ${trigger.bucket}`;
        edges.push({ from: add('source', label), to: own, aside: false });
      }
    }
    const read = topicsOf(spec);
    for (const topic of spec.publishes) {
      const aside = SIDE.includes(topic) || read.includes(topic) || read.includes(AGAIN);
      edges.push({ from: own, to: topicNode(topic), aside });
    }
  }
  return { nodes: [...nodes.values()], edges };
}
