//! What people declare: the company, its services, workflows, agents and sources.

mod dris;

use serde::{Deserialize, Serialize};

use super::db::on;
use super::story::Chapter;
use super::{Result, Tx, from_json};

/// The one company of this install.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Day and time of the freeze, such as `Mon 07:00`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub freeze: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin_points: Option<f64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Span>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deciding: Option<Deciding>,
    /// Time zones by the week they apply from; the first from the beginning.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub time_zones: Vec<ZoneFrom>,
    /// The seed, when the company was generated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated_seed: Option<u64>,
    /// What is really true of it, when the company was generated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub story: Vec<Chapter>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZoneFrom {
    /// IANA name.
    pub zone: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    pub from: String,
    pub to: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deciding {
    pub speed: String,
    pub quality: String,
}

/// Something that is changed and deployed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Service {
    pub slug: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delivery: Option<Delivery>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub production: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident_window_hours: Option<u32>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repositories: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fix_labels: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules_off: Vec<RuleOff>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Delivery {
    Deployment,
    Merge,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RuleOff {
    Rollback,
    Revert,
    Fix,
}

/// Work with one accountable person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Workflow {
    pub slug: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dri: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dri_since: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<Pattern>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub paths: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub topics: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deciding: Option<Deciding>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escalation: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub playbook: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub playbook_practised_on: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Span>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evaluation_checks: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hop: Vec<Hop>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suite: Vec<Suite>,
}

/// The business metric that an agent metric is meant to move.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hop {
    pub agent_metric: String,
    pub business_metric: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<Expected>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Expected {
    Better,
    Worse,
    Up,
    Down,
}

/// A set of automatic checks, and the share that must pass.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Suite {
    pub name: String,
    pub kind: SuiteKind,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold_ratio: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SuiteKind {
    Regression,
    Adversarial,
    Unit,
}

impl SuiteKind {
    pub fn as_str(self) -> &'static str {
        match self {
            SuiteKind::Regression => "regression",
            SuiteKind::Adversarial => "adversarial",
            SuiteKind::Unit => "unit",
        }
    }
}

/// How far an agent may go: 0 read-only, 1 propose, 2 non-production, 3 narrow production.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "u8", into = "u8")]
pub struct Tier(u8);

impl TryFrom<u8> for Tier {
    type Error = String;

    fn try_from(tier: u8) -> std::result::Result<Tier, String> {
        if tier <= 3 {
            Ok(Tier(tier))
        } else {
            Err(format!("tier {tier} does not exist; tiers run from 0 to 3"))
        }
    }
}

impl From<Tier> for u8 {
    fn from(tier: Tier) -> u8 {
        tier.0
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pattern {
    CopilotOnly,
    Guardrailed,
    AutonomousNonProduction,
    AutonomousProduction,
    Mesh,
}

/// A production actor that is not a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    pub id: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tier: Option<Tier>,
    /// Account names and e-mail addresses it acts under.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub identities: Vec<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<String>,
}

/// What agents can call, and what a call of it does to the world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    pub name: String,
    pub effect: Effect,
}

/// What a tool call does, least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    None,
    Propose,
    NonProduction,
    Production,
}

impl Effect {
    pub const ALL: [Effect; 4] = [
        Effect::None,
        Effect::Propose,
        Effect::NonProduction,
        Effect::Production,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Effect::None => "none",
            Effect::Propose => "propose",
            Effect::NonProduction => "non_production",
            Effect::Production => "production",
        }
    }

    /// The tier that allows it.
    pub fn tier(self) -> u8 {
        self as u8
    }
}

/// What one unit of a currency is worth in another, from a day on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    pub currency: String,
    pub to: String,
    pub rate: f64,
    /// A day, such as `2026-11-01`.
    pub from: String,
}

impl Rate {
    /// Under which it is kept.
    pub fn key(&self) -> String {
        format!("{} {} {}", self.currency, self.to, self.from)
    }
}

/// What a model's tokens cost, by the million, from a day on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ModelPrice {
    pub model: String,
    pub currency: String,
    /// Decimals, such as `"2.50"`.
    pub input: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cached_input: Option<String>,
    pub output: String,
    /// A day, such as `2026-11-01`.
    pub from: String,
}

impl ModelPrice {
    /// Under which it is kept.
    pub fn key(&self) -> String {
        format!("{} {}", self.model, self.from)
    }
}

/// A system that records come from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// How its records come: `push`, or the kind of system that is read.
    pub kind: String,
    /// What its records carry as `source`, else who sends them: `push`, `import`, `git`.
    pub name: String,
    /// The streams that keep its rhythm; all that it has delivered where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub streams: Vec<String>,
    /// How often it is to bring something new; without one it is never stale.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rhythm: Option<String>,
    /// Where the system is, unless it is where all the others are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organisations: Vec<String>,
    /// `owner/name`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub repositories: Vec<String>,
    /// Where its token is, or the private key of its app; never the secret itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_env: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_file: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_id: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub installation_id: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webhook_secret_env: Option<String>,
    /// What is a deployment: `deployments`, `releases` or `workflow:NAME`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deployed_by: Vec<String>,
    /// Labels or types of issues that are incidents; `incident` where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub incident_labels: Vec<String>,
    /// Labels or types of issues that are defects; `bug` where none is named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub defect_labels: Vec<String>,
    /// The first day that is read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<String>,
}

/// The week from which on a series is judged anew, and the four answers that were given for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Divider {
    /// `company`, `service:SLUG` or `workflow:SLUG`.
    pub scope: String,
    pub metric: String,
    pub week: String,
    pub what_changed: String,
    pub cause: String,
    pub why_wanted: String,
    pub why_lasting: String,
    pub set_by: String,
    pub set_at: i64,
}

/// Everything that is declared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Registry {
    pub company: Company,
    /// By slug.
    pub services: Vec<Service>,
    /// By slug.
    pub workflows: Vec<Workflow>,
    /// By id.
    pub agents: Vec<Agent>,
    /// By name.
    pub tools: Vec<Tool>,
    /// By both currencies, then day.
    pub rates: Vec<Rate>,
    /// By model, then day.
    pub prices: Vec<ModelPrice>,
    /// By name.
    pub sources: Vec<Source>,
    /// By scope, metric and week.
    pub dividers: Vec<Divider>,
}

impl Registry {
    /// The service of this slug, if it is registered.
    pub fn service(&self, slug: &str) -> Option<&Service> {
        self.services.iter().find(|service| service.slug == slug)
    }

    /// The workflow of this slug, if it is registered.
    pub fn workflow(&self, slug: &str) -> Option<&Workflow> {
        self.workflows.iter().find(|workflow| workflow.slug == slug)
    }

    /// The agent of this id or account, if it is registered.
    pub fn agent(&self, id: &str) -> Option<&Agent> {
        let by_id = self.agents.iter().find(|agent| agent.id == id);
        by_id.or_else(|| {
            let mut all = self.agents.iter();
            all.find(|agent| {
                agent
                    .identities
                    .iter()
                    .any(|own| own.eq_ignore_ascii_case(id))
            })
        })
    }

    /// What a tool's calls do, if it is registered.
    pub fn effect(&self, tool: &str) -> Option<Effect> {
        let found = self.tools.iter().find(|own| own.name == tool);
        found.map(|own| own.effect)
    }

    /// Where a series is judged anew, in the order of weeks.
    pub fn dividers_of<'a>(
        &'a self,
        metric: &'a str,
        scope: &'a str,
    ) -> impl Iterator<Item = &'a Divider> {
        let all = self.dividers.iter();
        all.filter(move |own| own.metric == metric && own.scope == scope)
    }
}

impl Divider {
    /// Under which it is kept: one a series and week.
    pub fn key(&self) -> String {
        format!("{} {} {}", self.scope, self.metric, self.week)
    }
}

impl Service {
    /// Whether a rule that finds remedies is turned off.
    pub fn is_off(&self, rule: RuleOff) -> bool {
        self.rules_off.contains(&rule)
    }
}

/// The kinds of entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Company,
    Service,
    Workflow,
    Agent,
    Tool,
    Rate,
    Price,
    Source,
    Divider,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Company => "company",
            Kind::Service => "service",
            Kind::Workflow => "workflow",
            Kind::Agent => "agent",
            Kind::Tool => "tool",
            Kind::Rate => "rate",
            Kind::Price => "price",
            Kind::Source => "source",
            Kind::Divider => "divider",
        }
    }
}

/// Everything that is declared, in key order.
pub async fn load(tx: &mut Tx) -> Result<Registry> {
    // One row a kind: rows come from another thread one by one, and each delivery reads them all.
    let rows: Vec<(String, String)> = on!(tx, conn => sqlx::query_as(
        "SELECT kind, '[' || string_agg(body, ',' ORDER BY key) || ']' FROM registry GROUP BY kind",
    )
    .fetch_all(conn)
    .await)?;
    let mut registry = Registry::default();
    for (kind, bodies) in rows {
        match kind.as_str() {
            "company" => {
                let companies: Vec<Company> = from_json("the company", &bodies)?;
                registry.company = companies.into_iter().next().unwrap_or_default();
            }
            "service" => registry.services = from_json("a service", &bodies)?,
            "workflow" => registry.workflows = from_json("a workflow", &bodies)?,
            "agent" => registry.agents = from_json("an agent", &bodies)?,
            "tool" => registry.tools = from_json("a tool", &bodies)?,
            "rate" => registry.rates = from_json("a rate", &bodies)?,
            "price" => registry.prices = from_json("a price", &bodies)?,
            "source" => registry.sources = from_json("a source", &bodies)?,
            "divider" => registry.dividers = from_json("a divider", &bodies)?,
            _ => {}
        }
    }
    Ok(registry)
}

/// The company alone, without what else is registered.
pub async fn company(tx: &mut Tx) -> Result<Company> {
    let body: Option<String> = on!(tx, conn => sqlx::query_scalar(
        "SELECT body FROM registry WHERE kind = 'company' ORDER BY key LIMIT 1",
    )
    .fetch_optional(conn)
    .await)?;
    body.map_or_else(
        || Ok(Company::default()),
        |body| from_json("the company", &body),
    )
}

/// Takes an entry away.
pub async fn remove(tx: &mut Tx, kind: Kind, key: &str) -> Result<()> {
    on!(tx, conn => sqlx::query("DELETE FROM registry WHERE kind = $1 AND key = $2")
        .bind(kind.as_str())
        .bind(key)
        .execute(conn)
        .await
        .map(|_| ()))?;
    Ok(())
}

/// Writes an entry over what was there.
pub async fn put(tx: &mut Tx, kind: Kind, key: &str, body: &str) -> Result<()> {
    on!(tx, conn => sqlx::query(
        "INSERT INTO registry (kind, key, body) VALUES ($1, $2, $3) \
         ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
    )
    .bind(kind.as_str())
    .bind(key)
    .bind(body)
    .execute(conn)
    .await
    .map(|_| ()))?;
    Ok(())
}
