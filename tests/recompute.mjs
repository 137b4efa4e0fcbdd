// Computes every exported figure again from the exported records, from the words of the definitions
// alone: this shares no code with the server. Differences are listed and end it with code 1.
//
//   node tests/recompute.mjs --program target/release/onehop --database sqlite:data/onehop.db
//     [--metric ID …] [--scope SCOPE …] [--segment SEGMENT …] [--as-of INSTANT]
//
// With --url instead of the two it reads the API of a running server, with the token in ONEHOP_TOKEN.

import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";

const one = () => 1;
// In the catalogue's order. `of` is what its records are, `value` what a record's parts and segment say
// of its value (nothing where a part is not known), and `begins` the metric whose first record in the
// scope, or in the company, is the week from which on there is a 0.
const METRICS = {
  changes_merged: { kind: "count", of: "change", better: "neither", value: one, begins: "changes_merged" },
  changes_delivered: { kind: "count", of: "change", better: "neither", value: one, begins: "deployment_frequency" },
  deployment_frequency: { kind: "count", of: "deployment", better: "neither", value: one, begins: "deployment_frequency" },
  agent_share: { kind: "ratio", of: "change", better: "neither", value: ({ segment }) => Number(segment !== "unmarked") },
  change_size: { kind: "median", of: "change", better: "neither" },
  review_wait: { kind: "median", of: "change", better: "down", value: ({ parts }) => parts.pickup },
  merged_without_review: { kind: "ratio", of: "change", better: "down" },
  change_lead_time: { kind: "median", of: "change", better: "down", value: ({ parts }) => total([...toMerge(parts), parts.deploy]) },
  stage_coding: { kind: "median", of: "change", better: "down", value: ({ parts }) => parts.coding },
  stage_pickup: { kind: "median", of: "change", better: "down", value: ({ parts }) => parts.pickup },
  stage_review: { kind: "median", of: "change", better: "down", value: ({ parts }) => parts.review },
  stage_deploy: { kind: "median", of: "change", better: "down", value: ({ parts }) => parts.deploy },
  pr_cycle_time: { kind: "median", of: "change", better: "down", value: ({ parts }) => total(toMerge(parts)) },
  change_fail_rate: { kind: "ratio", of: "deployment", better: "down" },
  failed_deployment_recovery_time: { kind: "median", of: "deployment", better: "down" },
  deployment_rework_rate: { kind: "ratio", of: "deployment", better: "down" },
  incident_frequency: { kind: "count", of: "incident", better: "down", value: one, begins: "incident_frequency", in: "company" },
  defect_escape_rate: { kind: "ratio", of: "defect", better: "down" },
  escaped_defects_per_100: { kind: "per_100", of: "defect", better: "down", value: one, begins: "defect_escape_rate", in: "company" },
};

const { values: asked } = parseArgs({
  options: {
    program: { type: "string" },
    database: { type: "string" },
    url: { type: "string" },
    metric: { type: "string", multiple: true, default: Object.keys(METRICS) },
    scope: { type: "string", multiple: true, default: ["company"] },
    segment: { type: "string", multiple: true, default: ["all", "agent", "assisted", "unmarked"] },
    "as-of": { type: "string" },
  },
});
if (!asked.url && (!asked.program || !asked.database)) {
  console.error("--program and --database are needed, or --url");
  process.exit(2);
}

// The parts of a figure that come from its own week alone, beside its sample.
const ALONE = ["value", "numerator", "denominator", "p90", "low", "high", "parts", "interval"];
// Quantiles are searched for, and end that near to each other.
const ROUNDING = 1e-9;
const HOLLOW_BELOW = 5;
const RANGE_FROM = 6;
const WORDS_FROM = 12;
const PROVISIONAL_BELOW = 20;
const DAY_MS = 86_400_000;
const now = asked["as-of"] ? Date.parse(asked["as-of"]) : Date.now();

const differences = [];
const [lengths, firstWeeks] = [new Map(), new Map()];
let figureCount = 0;
let recordCount = 0;

for (const metric of asked.metric)
  for (const scope of asked.scope)
    for (const segment of asked.segment) await checkSeries({ metric, scope, segment });

for (const difference of differences) console.log(difference);
console.log(`${figureCount} figures over ${recordCount} records computed again; ${differences.length} differences`);
process.exit(differences.length > 0 ? 1 : 0);

function onehop(...args) {
  const asOf = asked["as-of"] ? ["--as-of", asked["as-of"]] : [];
  const whole = ["--database", asked.database, "export", ...args, "--format", "json", ...asOf];
  return JSON.parse(execFileSync(asked.program, whole, { maxBuffer: 1 << 30 }));
}

async function answered(path) {
  const headers = { authorization: `Bearer ${process.env.ONEHOP_TOKEN}` };
  const answer = await fetch(new URL(path, asked.url), { headers });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function series({ metric, scope, segment }) {
  if (!asked.url) return onehop("metric", metric, "--scope", scope, "--segment", segment).figures;
  const of = new URLSearchParams({ scope, segment });
  return (await answered(`/api/v1/metrics/${metric}?${of}`)).figures;
}

async function list({ metric, scope, segment }, week) {
  const found = asked.url
    ? await pages(`/api/v1/records/${metric}?${new URLSearchParams({ week, scope, segment })}`)
    : onehop("records", metric, "--week", week, "--scope", scope, "--segment", segment);
  lengths.set([metric, scope, segment, week].join(), found.records.length);
  return found;
}

// A whole list, page by page; each page has all that is left out.
async function pages(first) {
  const whole = { records: [], next: first, left_out: [] };
  while (whole.next) {
    const page = await answered(whole.next);
    whole.records.push(...page.records);
    Object.assign(whole, { next: page.next, left_out: page.left_out });
  }
  return whole;
}

// How many records of any segment another metric lists in this week and scope.
async function listed(metric, scope, week) {
  const key = [metric, scope, "all", week].join();
  if (!lengths.has(key)) await list({ metric, scope, segment: "all" }, week);
  return lengths.get(key);
}

// Whether nothing is 0 in this week, and not null; segments never move it.
async function hasBegun({ metric, scope }, week) {
  const begins = METRICS[metric].begins;
  const where = METRICS[metric].in ?? scope;
  const key = [begins, where].join();
  if (!firstWeeks.has(key)) {
    const figures = await series({ metric: begins, scope: where, segment: "all" });
    firstWeeks.set(key, figures.find((figure) => figure.sample > 0)?.week);
  }
  const first = firstWeeks.get(key);
  return first !== undefined && first <= week;
}

async function checkSeries(which) {
  const { metric, scope, segment } = which;
  const figures = await series(which);
  checkContiguous(figures, `${metric} ${scope} ${segment}`);
  const points = [];
  for (const figure of figures) {
    const label = `${metric} ${figure.week} ${scope} ${segment}`;
    const same = (what, exported, computed) => {
      if (!equal(exported, computed))
        differences.push(`${label}: ${what} is ${JSON.stringify(exported)}, computed again ${JSON.stringify(computed)}`);
    };
    figureCount += 1;
    if (segment !== "all" && METRICS[metric].of !== "change") {
      checkNotSplit(figure, same);
      continue;
    }
    const { records, next, left_out: leftOut } = await list(which, figure.week);
    same("the list's next", next, null);
    checkRecords(records, figure, segment, same);
    checkLeftOut(leftOut, records, metric, same);
    const point = { ...(await fromRecords(which, figure.week, records, leftOut)), week: figure.week };
    point.instants = records.map((record) => Date.parse(record.at));
    const { parts, ...judged } = judge(METRICS[metric], point, points, Date.parse(figure.settles));
    if (point.value !== null && parts) point.parts = { ...point.parts, ...parts };
    for (const part of ["sample", ...ALONE]) same(part, figure[part], point[part]);
    for (const part of ["normal_range", "signal", "rule", "state"]) same(part, figure[part], judged[part]);
    points.push(point);
    recordCount += records.length;
  }
}

function checkContiguous(figures, label) {
  figures.slice(1).forEach((figure, before) => {
    if (monday(figure.week) - monday(figures[before].week) !== 7 * DAY_MS)
      differences.push(`${label}: ${figure.week} follows ${figures[before].week}`);
  });
}

function checkNotSplit(figure, same) {
  for (const part of [...ALONE, "normal_range", "rule"]) same(part, figure[part], null);
  same("sample", figure.sample, 0);
  for (const part of ["signal", "state"]) same(part, figure[part], "none");
  same("reason", figure.reason, "not split by segment");
}

// Each record once, in order, in its week (give or take a time zone), of its kind and segment, with the
// value that its parts say.
function checkRecords(records, figure, segment, same) {
  const { kind, of, value } = METRICS[figure.metric];
  same("ids given twice", records.length - new Set(records.map((record) => record.id)).size, 0);
  const start = monday(figure.week);
  records.forEach((record, place) => {
    const at = Date.parse(record.at);
    if (place > 0) same(`order of ${record.id}`, comesBefore(records[place - 1], record), true);
    same(`week of ${record.id}`, at >= start - DAY_MS && at < start + 8 * DAY_MS, true);
    same(`unit of ${record.id}`, record.unit, figure.unit);
    same(`kind of ${record.id}`, record.kind, of);
    if (of !== "change") same(`parts of ${record.id}`, record.parts, {});
    if (of !== "change" || segment !== "all") same(`segment of ${record.id}`, record.segment, segment);
    if (kind === "ratio") same(`value of ${record.id}`, record.value, record.value === 1 ? 1 : 0);
    const said = value?.(record) ?? null;
    if (said !== null) same(`value of ${record.id}, by its parts,`, record.value, said);
  });
}

function checkLeftOut(leftOut, records, metric, same) {
  const counted = new Set(records.map((record) => record.id));
  for (const { id, kind, reason } of leftOut) {
    same(`kind of ${id}`, kind, METRICS[metric].of);
    same(`whether ${id} is counted and left out`, counted.has(id), false);
    same(`whether ${id} is left out with a reason`, typeof reason, "string");
  }
}

// By instant, then id in the order of its bytes.
function comesBefore(a, b) {
  const apart = Date.parse(a.at) - Date.parse(b.at);
  return apart < 0 || (apart === 0 && Buffer.compare(Buffer.from(a.id), Buffer.from(b.id)) < 0);
}

// The stages from start to merge; a change without a first review has `open` for two of them.
function toMerge({ coding, pickup, review, open }) {
  return (open ?? null) === null ? [coding, pickup, review] : [coding, open];
}

// Seconds that add up in whole milliseconds; null where one is not known.
function total(stages) {
  return stages.some((stage) => (stage ?? null) === null) ? null : sum(stages.map(milliseconds)) / 1000;
}

async function fromRecords(which, week, records, leftOut) {
  const { metric, scope } = which;
  const { kind } = METRICS[metric];
  const sample = records.length;
  const nothing = { sample, ...Object.fromEntries(ALONE.map((part) => [part, null])) };
  if (kind === "count") {
    if (!(await hasBegun(which, week))) return nothing;
    const value = sum(records.map((record) => record.value));
    if (metric !== "incident_frequency") return { ...nothing, value };
    return { ...nothing, value, parts: await per100Deployments(sample, scope, week), interval: garwood(sample) };
  }
  if (kind === "per_100") {
    const delivered = await listed("changes_delivered", scope, week);
    if (sample === 0 && (delivered === 0 || !(await hasBegun(which, week)))) return nothing;
    const value = delivered === 0 ? null : (sample / delivered) * 100;
    return { ...nothing, value, numerator: sample, denominator: delivered };
  }
  const known = metric === "defect_escape_rate" ? { ...nothing, ...bounds(records, leftOut) } : nothing;
  if (sample === 0) return known;
  if (kind === "ratio") {
    const part = sum(records.map((record) => record.value));
    return { ...known, value: part / sample, numerator: part, denominator: sample, interval: wilson(part, sample) };
  }
  // Instants have milliseconds, so durations in whole milliseconds are exact.
  const sorted = records.map((record) => milliseconds(record.value)).sort((a, b) => a - b);
  const middle = sample >> 1;
  const median = sample % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  const rank = Math.floor((9 * sample + 9) / 10);
  const low = lowRank(sample);
  return {
    ...known,
    value: median / 1000,
    p90: sorted[rank - 1] / 1000,
    interval: low === null ? null : [sorted[low - 1] / 1000, sorted[sample - low] / 1000],
  };
}

async function per100Deployments(incidents, scope, week) {
  const deployments = await listed("deployment_frequency", scope, week);
  return { per_100_deployments: deployments === 0 ? null : (incidents / deployments) * 100 };
}

// Between none and all of the defects of which it is not known where they were found.
function bounds(records, leftOut) {
  const notKnown = leftOut.filter((record) => record.reason === "where it was found is not known").length;
  const all = records.length + notKnown;
  const found = sum(records.map((record) => record.value));
  return all === 0 ? {} : { low: found / all, high: (found + notKnown) / all };
}

// Garwood's 95 % interval of a Poisson mean: where the count, or more than it, has 2.5 % left.
function garwood(count) {
  const upTo = (n, mean) => {
    let [term, all] = [Math.exp(-mean), 0];
    for (let k = 0; k <= n; k += 1) {
      all += term;
      term *= mean / (k + 1);
    }
    return all;
  };
  const solve = (isBelow) => {
    let [low, high] = [0, 10 * count + 10];
    for (let step = 0; step < 200; step += 1) {
      const middle = (low + high) / 2;
      if (isBelow(middle)) low = middle;
      else high = middle;
    }
    return low;
  };
  const low = count === 0 ? 0 : solve((mean) => 1 - upTo(count - 1, mean) < 0.025);
  return [low, solve((mean) => upTo(count, mean) > 0.025)];
}

// Wilson's 95 % interval of a share, solved from (p − x)² = z² x (1 − x) ÷ n.
function wilson(part, n) {
  const z2 = 1.959963984540054 ** 2;
  const p = part / n;
  const [a, b, c] = [1 + z2 / n, -(2 * p + z2 / n), p * p];
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
  return [part === 0 ? 0 : (-b - root) / (2 * a), part === n ? 1 : (-b + root) / (2 * a)];
}

// The largest l with P(B ≤ l − 1) ≤ 1/40 for B ~ Binomial(n, ½), in whole numbers.
function lowRank(n) {
  if (n < 6) return null;
  const all = 1n << BigInt(n);
  let choose = 1n;
  let tail = 0n;
  let rank = 0;
  for (;;) {
    tail += choose;
    if (tail * 40n > all) return rank;
    rank += 1;
    choose = (choose * BigInt(n - rank + 1)) / BigInt(rank);
  }
}

function judge({ kind, better, of }, point, earlier, settles) {
  const most = kind === "ratio" ? 1 : Infinity;
  const usable = (other) => other.value !== null && (kind === "count" || other.sample >= HOLLOW_BELOW);
  const weeks = earlier.filter(usable).map((other) => other.value);
  const limitsOfWeeks = xmr(weeks.slice(0, PROVISIONAL_BELOW));
  const isRare = of === "incident" && limitsOfWeeks !== null && limitsOfWeeks.centre < 1;
  const { before, shown, limits } = isRare
    ? gaps(point, earlier)
    : { before: weeks, shown: point.value, limits: limitsOfWeeks };
  const drawn = limits && [limits.lower, limits.upper].map((limit) => Math.min(most, Math.max(0, limit)));
  const judged = { normal_range: isRare ? null : drawn, signal: "none", rule: null, state: "none" };
  if (isRare) judged.parts = { days_between: shown, usual_days_between: drawn };
  if (point.value === null) return judged;
  if (now < settles) return { ...judged, state: "maturing" };
  if (!usable(point)) return { ...judged, signal: "too_few", state: "too_few" };
  judged.state = before.length < PROVISIONAL_BELOW ? "provisional" : "exact";
  if (before.length < WORDS_FROM) return { ...judged, signal: "too_few" };
  const found = shown === null ? null : strongestRule(limits, [...before, shown]);
  if (!found) return { ...judged, signal: "routine" };
  // The longer the gaps, the fewer the events.
  const higher = isRare ? found.side === "below" : found.side === "above";
  const words = { neither: ["down", "up"], down: ["better", "worse"], up: ["worse", "better"] };
  return { ...judged, signal: words[better][Number(higher)], rule: found.rule };
}

// The days between one event and the next; the last that ended in the shown week is its own.
function gaps(point, earlier) {
  const instants = [...earlier, point].flatMap((week) => week.instants).sort((a, b) => a - b);
  const before = instants.slice(1).map((at, place) => (at - instants[place]) / DAY_MS);
  const shown = point.instants.length > 0 ? (before.pop() ?? null) : null;
  return { before, shown, limits: xmr(before.slice(0, PROVISIONAL_BELOW)) };
}

function xmr(values) {
  if (values.length < RANGE_FROM) return null;
  const centre = sum(values) / values.length;
  const ranges = values.slice(1).map((value, before) => Math.abs(value - values[before]));
  const reach = (2.66 * sum(ranges)) / ranges.length;
  return { centre, lower: centre - reach, upper: centre + reach };
}

function strongestRule({ centre, lower, upper }, values) {
  const beyond = (side, part) => (value) => {
    const limit = side === "above" ? upper : lower;
    const line = centre + part * (limit - centre);
    const rounding = 1e-12 * Math.max(Math.abs(lower), Math.abs(upper), Math.abs(value));
    return side === "above" ? value - line > rounding : line - value > rounding;
  };
  const rules = [
    { rule: "outside_limits", of: 1, needed: 1, part: 1 },
    { rule: "three_of_four_near_limit", of: 4, needed: 3, part: 0.5 },
    { rule: "eight_on_one_side", of: 8, needed: 8, part: 0 },
  ];
  for (const { rule, of, needed, part } of rules) {
    const last = values.slice(-of);
    if (last.length < of) continue;
    for (const side of ["above", "below"]) {
      const is = beyond(side, part);
      if (is(last[of - 1]) && last.filter(is).length >= needed) return { rule, side };
    }
  }
  return null;
}

// Monday 00:00 UTC of an ISO week: the week of 4 January is the first.
function monday(week) {
  const [, year, number] = /^(\d{4})-W(\d\d)$/.exec(week).map(Number);
  const fourth = Date.UTC(year, 0, 4);
  const weekday = (new Date(fourth).getUTCDay() + 6) % 7;
  return fourth + ((number - 1) * 7 - weekday) * DAY_MS;
}

function milliseconds(seconds) {
  return Math.round(seconds * 1000);
}

function sum(values) {
  return values.reduce((total, value) => total + value, 0);
}

function equal(a, b) {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, at) => equal(item, b[at]));
  if (typeof a === "number" && typeof b === "number")
    return Math.abs(a - b) <= ROUNDING * Math.max(1, Math.abs(a), Math.abs(b));
  if (a && b && typeof a === "object" && typeof b === "object")
    return Object.keys({ ...a, ...b }).every((key) => equal(a[key], b[key]));
  return a === b;
}
