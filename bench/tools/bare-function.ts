import { http } from '@google-cloud/functions-framework';

/** What ingest is measured against: functions-framework's own parsing, a look at the body, and an answer. */
http('bare', (request, response) => {
  const { events } = request.body as { readonly events: readonly unknown[] };
  response.json({ accepted: events.length });
});
