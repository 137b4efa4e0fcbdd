// Computes every exported figure again from the exported records, from the words of the definitions
// alone: this shares no code with the server. Differences are listed and end it with code 1.
//
//   node tests/recompute.mjs --program target/release/onehop --database sqlite:data/onehop.db
//     [--metric ID …] [--scope SCOPE …] [--segment SEGMENT …] [--as-of INSTANT]

import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";

const { values: asked } = parseArgs({
  options: {
    program: { type: "string" },
    database: { type: "string" },
    metric: { type: "string", multiple: true, default: ["changes_merged", "change_size", "review_wait", "merged_without_review", "pr_cycle_time"] },
    scope: { type: "string", multiple: true, default: ["company"] },
    segment: { type: "string", multiple: true, default: ["all", "agent", "assisted", "unmarked"] },
    "as-of": { type: "string" },
  },
});
if (!asked.program || !asked.database) {
  console.error("--program and --database are needed");
  process.exit(2);
}

const METRICS = {
  changes_merged: { kind: "count", better: "neither" },
  change_size: { kind: "median", better: "neither" },
  review_wait: { kind: "median", better: "down" },
  merged_without_review: { kind: "ratio", better: "down", most: 1 },
  pr_cycle_time: { kind: "median", better: "down" },
};
const HOLLOW_BELOW = 5;
const RANGE_FROM = 6;
const WORDS_FROM = 12;
const PROVISIONAL_BELOW = 20;
const WEEKS = 60;
const DAY_MS = 86_400_000;
const now = asked["as-of"] ? Date.parse(asked["as-of"]) : Date.now();

const differences = [];
let figureCount = 0;
let recordCount = 0;

for (const metric of asked.metric)
  for (const scope of asked.scope)
    for (const segment of asked.segment) checkSeries({ metric, scope, segment });

for (const difference of differences) console.log(difference);
console.log(`${figureCount} figures over ${recordCount} records computed again; ${differences.length} differences`);
process.exit(differences.length > 0 ? 1 : 0);

function onehop(...args) {
  const asOf = asked["as-of"] ? ["--as-of", asked["as-of"]] : [];
  const whole = ["--database", asked.database, "export", ...args, "--format", "json", ...asOf];
  return JSON.parse(execFileSync(asked.program, whole, { maxBuffer: 1 << 30 }));
}

function checkSeries({ metric, scope, segment }) {
  const names = ["--scope", scope, "--segment", segment];
  const { figures } = onehop("metric", metric, ...names);
  checkContiguous(figures, `${metric} ${scope} ${segment}`);
  const points = [];
  for (const figure of figures) {
    const { records, next } = onehop("records", metric, "--week", figure.week, ...names);
    const label = `${metric} ${figure.week} ${scope} ${segment}`;
    const same = (what, exported, computed) => {
      if (!equal(exported, computed))
        differences.push(`${label}: ${what} is ${JSON.stringify(exported)}, computed again ${JSON.stringify(computed)}`);
    };
    same("the list's next", next, null);
    checkRecords(records, figure, segment, same);
    const point = { ...fromRecords(METRICS[metric].kind, records), week: figure.week };
    for (const part of ["value", "sample", "numerator", "denominator", "p90", "interval"]) same(part, figure[part], point[part]);
    const judged = judge(METRICS[metric], point, points, Date.parse(figure.settles));
    for (const part of ["normal_range", "signal", "rule", "state"]) same(part, figure[part], judged[part]);
    points.push(point);
    figureCount += 1;
    recordCount += records.length;
  }
}

function checkContiguous(figures, label) {
  figures.slice(1).forEach((figure, before) => {
    if (monday(figure.week) - monday(figures[before].week) !== 7 * DAY_MS)
      differences.push(`${label}: ${figure.week} follows ${figures[before].week}`);
  });
}

// Each record once, in order, in its week (give or take a time zone), of its segment, with stages that
// add up.
function checkRecords(records, figure, segment, same) {
  same("ids given twice", records.length - new Set(records.map((record) => record.id)).size, 0);
  const start = monday(figure.week);
  let before = -Infinity;
  for (const record of records) {
    const at = Date.parse(record.at);
    same(`order of ${record.id}`, at >= before, true);
    before = at;
    same(`week of ${record.id}`, at >= start - DAY_MS && at < start + 8 * DAY_MS, true);
    same(`unit of ${record.id}`, record.unit, figure.unit);
    if (segment !== "all") same(`segment of ${record.id}`, record.segment, segment);
    if (figure.metric !== "pr_cycle_time") continue;
    const { coding, pickup, review, open } = record.parts;
    const stages = open === null ? [coding, pickup, review] : [coding, open];
    if (stages.every((stage) => stage !== null))
      same(`stages of ${record.id}`, sum(stages.map(milliseconds)), milliseconds(record.value));
  }
}

function fromRecords(kind, records) {
  const sample = records.length;
  const nothing = { value: null, sample, numerator: null, denominator: null, p90: null, interval: null };
  // An export begins with the scope's first record, whatever its segment; from there a count is 0.
  if (kind === "count") return { ...nothing, value: sum(records.map((record) => record.value)) };
  if (sample === 0) return nothing;
  if (kind === "ratio") {
    const part = sum(records.map((record) => record.value));
    return { ...nothing, value: part / sample, numerator: part, denominator: sample, interval: wilson(part, sample) };
  }
  // Instants have milliseconds, so durations in whole milliseconds are exact.
  const sorted = records.map((record) => milliseconds(record.value)).sort((a, b) => a - b);
  const middle = sample >> 1;
  const median = sample % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  const rank = Math.floor((9 * sample + 9) / 10);
  const low = lowRank(sample);
  return {
    ...nothing,
    value: median / 1000,
    p90: sorted[rank - 1] / 1000,
    interval: low === null ? null : [sorted[low - 1] / 1000, sorted[sample - low] / 1000],
  };
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

function judge({ kind, better, most = Infinity }, point, earlier, settles) {
  const usable = (other) => other.value !== null && (kind === "count" || other.sample >= HOLLOW_BELOW);
  const oldest = monday(point.week) - (WEEKS - 1) * 7 * DAY_MS;
  const before = earlier.filter((other) => monday(other.week) >= oldest && usable(other)).map((other) => other.value);
  const limits = xmr(before);
  const normal_range = limits && [limits.lower, limits.upper].map((limit) => Math.min(most, Math.max(0, limit)));
  const judged = { normal_range, signal: "none", rule: null, state: "none" };
  if (point.value === null) return judged;
  if (now < settles) return { ...judged, state: "maturing" };
  if (!usable(point)) return { ...judged, signal: "too_few", state: "too_few" };
  judged.state = before.length < PROVISIONAL_BELOW ? "provisional" : "exact";
  if (before.length < WORDS_FROM) return { ...judged, signal: "too_few" };
  const found = strongestRule(limits, [...before, point.value]);
  if (!found) return { ...judged, signal: "routine" };
  const words = {
    neither: { above: "up", below: "down" },
    down: { above: "worse", below: "better" },
    up: { above: "better", below: "worse" },
  };
  return { ...judged, signal: words[better][found.side], rule: found.rule };
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
    return Math.abs(a - b) <= 1e-12 * Math.max(1, Math.abs(a), Math.abs(b));
  return a === b;
}
