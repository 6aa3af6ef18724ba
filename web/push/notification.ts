/** What a notification shows, and the page that it opens. */
export interface PicksNotification {
  readonly title: string;
  readonly body: string;
  /** A newer notification with this tag takes the older one's place. */
  readonly tag: string;
  readonly link: string;
}

const TITLE = 'New picks for you';

/**
 * The notification of a message from functions/push/message-data.ts; undefined where the message is about something else. It
 * opens the shop's start page, whose row of recommendations is the one told of, or a newer one.
 */
export function notificationOf(
  data: Readonly<Record<string, string>> | undefined,
): PicksNotification | undefined {
  if (data?.type !== 'recommendations') return undefined;
  return { title: TITLE, body: data.reason ?? '', tag: 'recommendations', link: '/' };
}
