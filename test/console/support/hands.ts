import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';

type Role = Parameters<Page['getByRole']>[0];

/** Uses a page in one way only. */
export interface Hands {
  /** Presses what has a role and a name. */
  press(role: Role, name: string | RegExp): Promise<void>;
  /** Fills a field by its label. */
  write(label: string, text: string): Promise<void>;
}

const patience = { timeout: 480_000 };
/** More steps than any page has places to stop at. */
const mostSteps = 300;

/** Hands at the mouse, or at the keyboard alone: Tab to a place, then Enter or Space, as somebody without a mouse would. */
export function hands(page: Page, way: 'mouse' | 'keyboard'): Hands {
  const labelled = (label: string) =>
    page
      .getByRole('textbox', { name: label })
      .or(page.getByLabel(label, { exact: true }))
      .first();
  if (way === 'mouse') {
    return {
      press: (role, name) =>
        page
          .getByRole(role, { name, exact: typeof name === 'string' })
          .first()
          .click(patience),
      write: (label, text) => labelled(label).fill(text),
    };
  }
  return {
    async press(role, name) {
      const target = page.getByRole(role, { name, exact: typeof name === 'string' }).first();
      await target.waitFor(patience);
      await page.waitForFunction(
        (element) => !(element as HTMLButtonElement).disabled,
        await target.elementHandle(),
        patience,
      );
      if (role === 'menuitem') await arrowTo(page, target);
      else await tabTo(page, target);
      await page.keyboard.press(role === 'checkbox' ? 'Space' : 'Enter');
    },
    async write(label, text) {
      await tabTo(page, labelled(label));
      await page.keyboard.press('Control+a');
      await page.keyboard.type(text);
    },
  };
}

type Target = ReturnType<Page['locator']>;

const hasFocus = (target: Target): Promise<boolean> => target.evaluate((element) => element === document.activeElement);

async function tabTo(page: Page, target: Target): Promise<void> {
  for (let step = 0; step < mostSteps; step++) {
    if (await hasFocus(target)) {
      const visible = await target.evaluate((element) => element.matches(':focus-visible'));
      assert.ok(visible, 'the focus can be seen');
      return;
    }
    await page.keyboard.press('Tab');
  }
  assert.fail(`Tab does not reach ${target}`);
}

async function arrowTo(page: Page, target: Target): Promise<void> {
  for (let step = 0; step < mostSteps && !(await hasFocus(target)); step++) await page.keyboard.press('ArrowDown');
  assert.ok(await hasFocus(target), `arrows do not reach ${target}`);
}
