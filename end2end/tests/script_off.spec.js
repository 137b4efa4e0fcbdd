// Every page is complete without script.

import { addresses, expect, open, test } from './onehop.js';

for (const address of addresses) {
  test(`${address} says the same without script`, async ({ page, browser, baseURL, storageState }) => {
    const plain = await browser.newContext({ baseURL, storageState, javaScriptEnabled: false });
    const without = await plain.newPage();
    await open(without, address);
    await open(page, address);
    const said = await without.locator('main').innerText();
    expect(said.trim()).not.toBe('');
    // An island may add a comfort, such as a button that copies.
    await page.locator('main leptos-island').evaluateAll((all) => all.forEach((own) => own.remove()));
    await without.locator('main leptos-island').evaluateAll((all) => all.forEach((own) => own.remove()));
    expect(said).toBe(await page.locator('main').innerText());
    await plain.close();
  });
}

test('the theme is a form that comes back to the page', async ({ browser, baseURL, storageState }) => {
  const plain = await browser.newContext({ baseURL, storageState, javaScriptEnabled: false });
  const page = await plain.newPage();
  await open(page, '/definitions/pr_cycle_time');
  for (const theme of ['dark', 'light']) {
    await page.getByRole('button', { name: `${theme} theme` }).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
    expect(new URL(page.url()).pathname).toBe('/definitions/pr_cycle_time');
  }
  await plain.close();
});
