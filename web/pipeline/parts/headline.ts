import type { FlowSnapshot } from '../../../emulators/board/view/protocol.ts';
import { FUNCTIONS } from '../../../shared/pipeline.ts';
import { el, setText } from './dom.ts';
import { duration, rate, whole } from './format.ts';

/** The figures that matter most, and whether they are live. */
export interface Headline {
  update(snapshot: FlowSnapshot): void;
  live(on: boolean): void;
}

/** Functions that take events in from outside: those that no topic alone triggers. */
const ENTRANCES = FUNCTIONS.filter(({ triggers }) => triggers[0].kind !== 'topic').map(({ name }) => name);

export function makeHeadline(place: HTMLElement, state: HTMLElement): Headline {
  const figure = (label: string): HTMLElement => {
    const value = el('dd', {}, '–');
    place.append(el('div', {}, el('dt', {}, label), value));
    return value;
  };
  const [speed, taken, p50, p95, failed] = [
    figure('events in'),
    figure('events so far'),
    figure('click to screen, p50'),
    figure('p95'),
    figure('failed'),
  ];
  return {
    update({ stages, screen }) {
      const sum = (pick: (name: string) => number | undefined, names: readonly string[]): number =>
        names.reduce((total, name) => total + (pick(name) ?? 0), 0);
      const failures = sum((name) => stages[name]?.failed, Object.keys(stages));
      setText(speed, rate(sum((name) => stages[name]?.rate, ENTRANCES)));
      setText(taken, whole(sum((name) => stages[name]?.in, ENTRANCES)));
      setText(p50, duration(screen.p50));
      setText(p95, duration(screen.p95));
      setText(failed, whole(failures));
      failed.classList.toggle('bad', failures > 0);
    },
    live(on) {
      setText(state, on ? 'live' : 'not connected; trying again');
      state.classList.toggle('off', !on);
    },
  };
}
