import type { FlowSnapshot, Update } from '../../../emulators/board/view/protocol.ts';

export interface StreamHandlers {
  /** Oldest first; each time the connection begins. */
  readonly onHistory: (history: readonly FlowSnapshot[]) => void;
  readonly onUpdate: (update: Update) => void;
  readonly onState: (live: boolean) => void;
}

/** Follows the server's figures; the browser connects again by itself. Of updates that share a frame, the last is drawn. */
export function follow({ onHistory, onUpdate, onState }: StreamHandlers): void {
  const source = new EventSource('/api/flow');
  let newest: Update | undefined;
  const draw = (): void => {
    const update = newest;
    newest = undefined;
    if (update) onUpdate(update);
  };
  source.addEventListener('history', ({ data }) => onHistory(JSON.parse(data)));
  source.addEventListener('message', ({ data }) => {
    if (newest === undefined) requestAnimationFrame(draw);
    newest = JSON.parse(data) as Update;
  });
  source.addEventListener('open', () => onState(true));
  source.addEventListener('error', () => onState(false));
}
