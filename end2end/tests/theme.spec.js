// The theme island, hydrated under the page's own content security policy.

import { expect, open, test } from './onehop.js';

test('the policy lets only scripts with the nonce run', async ({ page }) => {
  const answer = await page.goto('/review');
  const policy = answer.headers()['content-security-policy'];
  expect(policy).toMatch(/script-src [^;]*'nonce-/);
  expect(policy).toContain("'wasm-unsafe-eval'");
  expect(policy).not.toContain("'unsafe-inline'");
});

test('the theme changes without loading the page, and stays', async ({ page }) => {
  const html = page.locator('html');
  // The island starts when the browser is idle; until then a press is the form's, and loads.
  await expect(async () => {
    await open(page, '/review');
    await page.waitForLoadState('networkidle');
    await page.evaluate(() => document.body.setAttribute('data-same-page', ''));
    await page.getByRole('button', { name: 'dark theme' }).click();
    await expect(page.locator('body')).toHaveAttribute('data-same-page', '', { timeout: 1000 });
    await expect(html).toHaveAttribute('data-theme', 'dark', { timeout: 1000 });
  }).toPass();
  await expect(page.getByRole('button', { name: 'dark theme' })).toHaveAttribute('aria-pressed', 'true');
  await page.reload();
  await expect(html).toHaveAttribute('data-theme', 'dark');
});
