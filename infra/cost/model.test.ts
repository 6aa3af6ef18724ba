import { describe, expect, it } from 'vitest';
import { ASSUMPTIONS } from './assumptions.ts';
import { costOf, dataflowCost, eventsPerMessage, functionsInPlaceOfDataflow } from './model.ts';

const RATES = [1e4, 1e5, 1e6, 1e7, 1e8, 1e9];

describe('the model of cost', () => {
  it('gathers more events into a message the more there are, within what a message holds', () => {
    const sizes = RATES.map((rate) => eventsPerMessage(rate, 'gathered'));
    expect(sizes).toEqual(sizes.toSorted((a, b) => a - b));
    expect(sizes[0]).toBe(1);
    expect(sizes.at(-1)).toBeGreaterThan(10);
    expect(sizes.at(-1)).toBeLessThanOrEqual(ASSUMPTIONS.mostEvents);
  });

  it('never makes gathering dearer, and cheaper per event the more there are', () => {
    const totals = RATES.map((rate) => costOf(rate, 'gathered').total);
    expect(totals).toEqual(totals.toSorted((a, b) => b - a));
    for (const rate of RATES)
      expect(costOf(rate, 'gathered').total).toBeLessThanOrEqual(costOf(rate, 'single').total);
  });

  it('adds up, each part above nothing', () => {
    const { byService, total } = costOf(1e6, 'single');
    const parts = Object.values(byService);
    expect(parts.every((part) => part > 0)).toBe(true);
    expect(parts.reduce((a, b) => a + b, 0)).toBeCloseTo(total);
  });

  it('knows what requests alone cost: one message per event, 0.40 dollars per million and consumer', () => {
    expect(functionsInPlaceOfDataflow(1e6, 'single')).toBeGreaterThan(0.8);
    expect(dataflowCost(1e4)).toBeGreaterThan(100 * functionsInPlaceOfDataflow(1e4, 'single'));
  });
});
