// The tokens of the demo: those in people's hands, those in companies' drawers or on their way there, and what the bank has
// in stock. As the bank would have ordered and sent them; a token's expiry and its successor are told by config/demo/stock.json.
import type { DemoCompany, DemoPerson, DemoStock, DemoStockToken, DemoToken } from './demo/people.ts';
import type { Policy } from './rules/policy.ts';
import { orderFee, type OrderReason } from './rules/token-stock.ts';
import { secretFromBase32 } from './secrets/totp.ts';
import type { Stores } from './stores.ts';
import type { Tables } from './store/store.ts';

const day = 86_400_000;
const usual = { days: 4 * 365, model: 'KF-60', importedAgo: 2_000 } as const;

interface Seed {
  readonly tables: Tables;
  readonly stores: Stores;
  readonly now: number;
  readonly fees: Policy['fees'];
}

interface Files {
  readonly people: readonly DemoPerson[];
  readonly companies: readonly DemoCompany[];
  readonly tokens: readonly DemoToken[];
  readonly stock: DemoStock;
}

type TokenRow = Parameters<Tables['token']['add']>[0];
type Clockwork = Omit<DemoStockToken, 'serial' | 'expires_in_days'>;

/** How long ago, in days; null: not yet. */
interface Life {
  readonly ordered: number | null;
  readonly shipped: number | null;
  readonly arrived: number | null;
}

/**
 * Adds every token once; two people with the same serial number share one.
 * @param companies ids by contract number
 * @returns the token of each person, by login ID; whether they hold it is for whoever adds the person
 */
export async function addTokens(
  seed: Seed,
  files: Files,
  companies: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const { people, tokens, stock } = files;
  const held = new Map<string, string>();
  const bySerial = new Map<string, string>();
  for (const company of files.companies) {
    const { contract_number: contract } = company;
    const id = companies.get(contract) ?? '';
    const life = {
      ordered: company.otp_applied_days_ago,
      shipped: company.token_shipped_days_ago,
      arrived: company.token_arrived_days_ago,
    };
    const fobs = fobsOf(files, contract);
    const rows = await order(seed, id, 'application', fobs.length, life);
    for (const [n, fob] of fobs.entries()) {
      const registered = people.some(({ otp }) => otp?.serial === fob.serial && otp.registered);
      const used = registered ? { firstRegisteredAt: seed.now - 30 * day } : {};
      bySerial.set(fob.serial, await addFob(seed, fob, { ...rows[n], ...used }));
    }
    for (const { otp, login_id: loginId } of people.filter(({ contract_number: of }) => of === contract)) {
      const app = { companyId: id, kind: 'software', expiresAt: seed.now + usual.days * day } as const;
      if (otp) held.set(loginId, bySerial.get(otp.serial ?? '') ?? (await add(seed, otp, app)));
    }
  }
  for (const { serial, successor, shipped_days_ago: shipped } of stock.expiring) {
    const fob = tokens.find((token) => token.serial === successor);
    const id = companies.get(fob?.contract_number ?? '');
    if (!fob || id === undefined) throw new Error(`config/demo/tokens.json: no token ${successor}`);
    const [row] = await order(seed, id, 'successor', 1, { ordered: shipped + 1, shipped, arrived: null });
    await addFob(seed, fob, { ...row, successorTo: bySerial.get(serial) ?? null });
  }
  for (const fob of stock.tokens) await addFob(seed, fob, { importedAt: seed.now });
  return held;
}

/** The key-fobs of a company's application: its people's, each once, and what lies in its drawer. */
function fobsOf({ people, tokens, stock }: Files, contract: string): readonly DemoStockToken[] {
  const expiresIn = (serial: string): number =>
    stock.expiring.find((each) => each.serial === serial)?.expires_in_days ?? usual.days;
  const worn = people.flatMap(({ contract_number: of, otp }) =>
    of === contract && otp?.serial !== undefined
      ? [{ ...otp, serial: otp.serial, expires_in_days: expiresIn(otp.serial) }]
      : [],
  );
  const successors = new Set(stock.expiring.map(({ successor }) => successor));
  const spare = tokens.filter((token) => token.contract_number === contract && !successors.has(token.serial));
  return [...new Map([...worn, ...spare].map((fob) => [fob.serial, fob])).values()];
}

/** The order that gave a company some key-fobs. @returns what stands in the row of each */
async function order(
  { tables, stores, now, fees }: Seed,
  companyId: string,
  reason: OrderReason,
  count: number,
  { ordered, shipped, arrived }: Life,
): Promise<readonly Partial<TokenRow>[]> {
  if (count === 0 || ordered === null) return [];
  const ago = (days: number | null): number | null => (days === null ? null : now - days * day);
  const { free, total, each } = orderFee(reason, count, 0, fees);
  const [id, orderedAt] = [stores.secrets.id(), now - ordered * day];
  const told = { id, companyId, reason, tokens: count, free, fee: total, formNumber: null };
  await tables.tokenOrder.add({ ...told, orderedAt, orderedBy: 'command-line' });
  const life = { companyId, orderId: id, orderedAt, shippedAt: ago(shipped), arrivedAt: ago(arrived) };
  return each.map((fee) => ({ ...life, fee }));
}

function addFob(seed: Seed, fob: DemoStockToken, row: Partial<TokenRow>): Promise<string> {
  return add(seed, fob, {
    serial: fob.serial,
    model: usual.model,
    expiresAt: seed.now + fob.expires_in_days * day,
    importedAt: seed.now - usual.importedAgo * day,
    ...row,
  });
}

async function add(
  { tables, stores }: Seed,
  { secret, algorithm, digits, period }: Clockwork,
  row: Partial<TokenRow>,
): Promise<string> {
  const id = stores.secrets.id();
  await tables.token.add({
    id,
    companyId: null,
    kind: 'hardware',
    serial: null,
    secret: stores.secrets.sealTokenSecret(secretFromBase32(secret), id),
    algorithm,
    digits,
    period,
    drift: 0,
    lastStep: null,
    lastStepBy: null,
    expiresAt: null,
    retiredAt: null,
    ...row,
  });
  return id;
}
