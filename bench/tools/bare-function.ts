import { http } from '@google-cloud/functions-framework';

/** What collectors are measured against: functions-framework's own parsing, a look at the body, and an answer. */
http('bare', (request, response) => {
  const { events, batch = events } = request.body as {
    readonly events?: readonly unknown[];
    readonly batch?: readonly unknown[];
  };
  response.json({ accepted: batch?.length });
});
