import { Hono } from 'hono';
import { z } from 'zod';
import { RulesError } from './rules-error.ts';
import type { Ruleset } from './ruleset.ts';

const Body = z.object({
  rules: z.object({ files: z.array(z.object({ content: z.string() })).length(1) }),
});

/** Replaces the rules, as Google's emulator does for `@firebase/rules-unit-testing`. */
export function makeRulesRoutes(ruleset: Ruleset): Hono {
  const app = new Hono();
  app.put('/emulator/v1/projects/:target{[^/]+:securityRules}', async (context) => {
    const refuse = (message: string) =>
      context.json({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }, 400);
    const body = Body.safeParse(await context.req.json().catch(() => undefined));
    if (!body.success)
      return refuse('The body should be {"rules":{"files":[{"content":"…"}]}}, with one file.');
    try {
      for (const { content } of body.data.rules.files) ruleset.replace(content);
      return context.json({});
    } catch (error) {
      if (error instanceof RulesError) return refuse(`Error compiling rules:\n${error.message}`);
      throw error;
    }
  });
  return app;
}
