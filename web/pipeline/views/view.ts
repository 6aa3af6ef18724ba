import type { FlowSnapshot, Update } from '../../../emulators/board/view/protocol.ts';

/** One of the page's views, shown while the address names it: `#name/argument`. */
export interface View {
  readonly name: string;
  /** Of its link in the head of the page. */
  readonly label: string;
  readonly element: HTMLElement;
  /** Called when it is shown, and when its argument changes. */
  show?(argument: string): void;
  /** Called when another is shown. */
  hide?(): void;
  update?(update: Update): void;
  restart?(history: readonly FlowSnapshot[]): void;
}

/** The address of an event's way. */
export function eventHash(eventId: string): string {
  return `#event/${encodeURIComponent(eventId)}`;
}
