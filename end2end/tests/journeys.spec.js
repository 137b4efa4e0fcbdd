// What an executive, a DRI and an operator come for, each without a mouse, with and without script.

import { expect, open, test } from './onehop.js';

const withScript = { with: true, without: false };

for (const [mode, javaScriptEnabled] of Object.entries(withScript)) {
  test.describe(`${mode} script`, () => {
    test.use({ javaScriptEnabled });

    test.describe('an executive', () => {
      test.use({ storageState: async ({}, use) => use(process.env.ONEHOP_TEST_EXECUTIVE) });

      test('reads the answer, opens a figure down to a receipt and its source, adds an action and marks it done', async ({ page }) => {
        await open(page, '/review');
        const week = await page.locator('.record').innerText();
        await follow(page, page.locator('.half-row a.value').first());
        await page.waitForURL('**/records/**');
        await follow(page, page.locator('table.records tbody th a').first());
        await page.waitForURL('**/receipts/**');
        await expect(page.locator('main')).toContainText('Who approved it?');
        const source = page.locator('main a[href^="http"]').first();
        await source.focus();
        expect(await source.getAttribute('href')).toMatch(/^https?:/);
        await page.goBack();
        await page.waitForURL('**/records/**');
        await follow(page, page.locator('.crumbs a').first());
        await page.waitForURL('**/review/**');
        expect(await page.locator('.record').innerText()).toContain(week.split('\n')[0]);

        await follow(page, page.getByRole('link', { name: 'Actions', exact: true }));
        const said = `Look at the slow reviews, ${mode} script`;
        await type(page, page.getByLabel('What is to be done'), said);
        await choose(page, page.getByLabel('Who owns it'), 1);
        const due = page.getByLabel('Until when');
        const [year, month, day] = (await due.getAttribute('min')).split('-');
        await type(page, due, `${month}${day}${year}`);
        await press(page, page.getByRole('button', { name: 'Add it' }));
        await expect(page.locator('section[aria-labelledby=open]')).toContainText(said);
        await press(page, page.getByRole('button', { name: new RegExp(`^Mark done.*${said}`) }));
        await expect(page.locator('section[aria-labelledby=done]')).toContainText(said);
      });
    });

    test.describe('a DRI', () => {
      test.use({ storageState: async ({}, use) => use(process.env.ONEHOP_TEST_DRI) });

      test('opens the workflow and explains what stands out', async ({ page }) => {
        await open(page, '/workflows');
        await follow(page, page.getByRole('link', { name: 'Checkout delivery' }).first());
        await page.waitForURL('**/workflows/*');
        await follow(page, page.locator('a[href^="/explanations/"]').first());
        await page.waitForURL('**/explanations/**');
        const said = `The tests were slow, ${mode} script`;
        const field = page.getByLabel('In a sentence or two');
        await field.focus();
        await page.keyboard.press('Control+a');
        await page.keyboard.type(said);
        await check(page, page.getByLabel('Still looking'));
        await press(page, page.getByRole('button', { name: 'Sign it' }));
        await expect(page.locator('main')).toContainText(said);
      });
    });

    test.describe('an operator', () => {
      test('sees a source, adds a workflow, makes a token and revokes it', async ({ page }) => {
        await open(page, '/sources');
        const source = page.locator('main details summary').first();
        await press(page, source);
        await expect(page.locator('main details').first()).toHaveAttribute('open', '');

        await open(page, '/workflows/new');
        await type(page, page.getByLabel('Short name'), `journey-${mode}`);
        await type(page, page.getByLabel('Name', { exact: true }), `Journey ${mode} script`);
        await type(page, page.getByLabel('Rules of the road'), 'Agents propose; people merge.');
        await press(page, page.getByRole('button', { name: 'Save' }));
        await expect(page.locator('h1')).toHaveText(`Journey ${mode} script`);

        await open(page, '/settings');
        const name = `journey ${mode}`;
        await type(page, page.locator('section[aria-labelledby=tokens] input[name=name]:not([type=hidden])'), name);
        await press(page, page.getByRole('button', { name: 'Make a token' }));
        await expect(page.locator('main')).toContainText(name);
        await press(page, page.getByRole('button', { name: `Revoke ${name}` }));
        await expect(page.getByRole('rowheader', { name, exact: true })).toHaveCount(0);
      });
    });
  });
}

async function follow(page, link) {
  await link.focus();
  await page.keyboard.press('Enter');
}

const press = follow;

async function type(page, field, text) {
  await field.focus();
  await page.keyboard.type(text);
}

async function choose(page, list, down) {
  await list.focus();
  for (let step = 0; step < down; step += 1) await page.keyboard.press('ArrowDown');
}

async function check(page, box) {
  await box.focus();
  await page.keyboard.press('Space');
}
