// Somebody's telephone with the built-in token app, in a browser of its own: what is typed, pressed and read on its screens
// (screens.md §14). The app's scripts make the codes.
import type { Chromium } from './chromium.ts';
import type { Demo } from './demo-process.ts';
import type { Phone } from './phone.ts';

export async function chromiumPhone(demo: Demo, chromium: Chromium): Promise<Phone> {
  const window = await chromium.window({ language: 'ja', width: 360, scripts: true });
  const { page } = await window.tab();
  const main = page.locator('main');
  const screen = (...ids: readonly string[]) =>
    page.locator(ids.map((id) => `main[data-screen="${id}"]`).join()).waitFor();
  const toCodes = async (): Promise<void> => {
    // The service's clock, which the demo moves, is asked when the app opens.
    const told = page.waitForResponse((response) => response.url().endsWith('/token-app/api/time'));
    await page.goto(`${demo.gateway}/token-app`);
    await screen('APP001');
    await told;
  };
  const card = (userId: string) => main.locator('section.token', { hasText: userId.slice(-4) });
  return {
    async add({ serviceId, userId, activation, name = '' }) {
      await toCodes();
      await main.getByRole('link', { name: 'トークンの追加' }).click();
      await screen('APP002');
      for (const [field, value] of [
        ['service_id', serviceId],
        ['user_id', userId],
        ['activation_password', activation],
        ['token_name', name],
      ] as const)
        await main.locator(`[name="${field}"]`).fill(value);
      await main.getByRole('button', { name: '送信' }).click();
      await page.locator('main[data-screen="APP004"], main[data-refusal]').waitFor();
      if ((await main.getAttribute('data-screen')) !== 'APP004') return false;
      // The first code stands there at once.
      await card(userId).locator('.digits span').nth(1).waitFor();
      await main.getByRole('button', { name: '次へ' }).click();
      await screen('APP001');
      return true;
    },
    async code(userId) {
      await toCodes();
      const digits = card(userId).locator('.digits');
      await digits.locator('span').nth(1).waitFor();
      // The answer about the clock is taken up at the next turn; the seconds tell when one has passed, the code before them.
      const left = card(userId).locator('.left');
      for (let turn = 0; turn < 2; turn += 1) {
        const before = (await left.textContent()) ?? '';
        await left.filter({ hasNotText: before }).waitFor();
      }
      return ((await digits.textContent()) ?? '').replace(/\D/g, '');
    },
    count: async () => {
      await toCodes();
      return main.locator('section.token').count();
    },
    close: () => window.close(),
  };
}
