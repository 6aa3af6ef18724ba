import type { Browser, BrowserContext, Page } from 'playwright-core';

export interface VisitOptions {
  /** Default `/`. */
  readonly path?: string;
  /** What the visitor answered before; undefined: the banner asks. */
  readonly choice?: { readonly analytics: boolean; readonly personalization: boolean } | undefined;
  readonly dark?: boolean;
  readonly width?: number;
  readonly height?: number;
}

export interface Visitor {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly errors: readonly string[];
}

/** As a person's browser calls itself: recommendations are not made for a headless one, which counts as a bot. */
const USER_AGENT =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36';

/** A visitor who allows personal picks. */
export const ALLOWED = { analytics: true, personalization: true };

/** A browser of its own with the storefront open. */
export async function openVisit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visitor> {
  const { path = '/', choice, dark = false, width = 1280, height = 900 } = options;
  const context = await browser.newContext({
    userAgent: USER_AGENT,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    locale: 'en-IE',
  });
  if (choice) {
    const kept = JSON.stringify(choice);
    await context.addInitScript(
      `localStorage.getItem('shop.consent') ?? localStorage.setItem('shop.consent', '${kept}')`,
    );
  }
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  await page.goto(url + path);
  await page.locator('main h1').waitFor({ state: 'attached' });
  return { context, page, errors };
}
