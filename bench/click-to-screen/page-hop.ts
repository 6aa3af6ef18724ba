import { randomUUID } from 'node:crypto';
import type { DocumentReference } from '@google-cloud/firestore';
import type { Page } from 'playwright-core';
import { watchScreen } from '../hops/screen.ts';
import { clickAndWait } from './click.ts';

/**
 * Milliseconds by which a page draws a list later than another listener has its document: the least of so many times, nobody
 * clicking.
 */
export async function pageHop(page: Page, document: DocumentReference, times: number): Promise<number> {
  const screen = watchScreen(document);
  let shortest = Number.POSITIVE_INFINITY;
  try {
    for (let at = 0; at < times; at += 1) {
      const id = randomUUID();
      const seen = page.evaluate(clickAndWait, null);
      // The page looks for changes by the time it answers.
      await page.evaluate(() => undefined);
      await document.update({ recommendation_id: id, 'trigger.event_id': id });
      const [drawn, came] = await Promise.all([seen, screen.answerTo(id)]);
      shortest = Math.min(shortest, Math.max(0, drawn.seen - came));
    }
  } finally {
    screen.close();
  }
  return shortest;
}
