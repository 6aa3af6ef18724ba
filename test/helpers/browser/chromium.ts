import { type Browser, chromium } from 'playwright-core';

/** Why no browser can run here; undefined where one can. `CHROMIUM` names another one than the package's. */
export function whyNoBrowser(): string | undefined {
  if (process.env.CHROMIUM || (process.platform === 'linux' && process.arch === 'x64')) return undefined;
  return 'the packaged Chromium is for Linux on x64: set CHROMIUM to the path of one';
}

/** A headless Chromium with an empty profile. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? (await packaged());
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-background-networking', '--disable-component-update', '--disable-gpu'],
  });
}

/** Unpacks the package's Chromium into the temporary folder, where it is not yet. */
async function packaged(): Promise<string> {
  const { default: binary } = await import('@sparticuz/chromium');
  return binary.executablePath();
}
