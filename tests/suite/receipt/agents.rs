//! Receipts of what agents did: their runs, what they left behind, and what is missing of both.

use tests::script::problem;

use super::*;

async fn company(app: &App) {
    for (kind, key, body) in [
        (
            Kind::Company,
            "company",
            json!({"name": "Acme", "currency": "EUR",
            "time_zones": [{"zone": "UTC"}]}),
        ),
        (
            Kind::Workflow,
            "refunds",
            json!({"slug": "refunds", "name": "Refunds", "tier": 2,
            "dri": "mira@example.org", "dri_since": "2026-01-01",
            "playbook": "https://wiki.example/refunds", "playbook_practised_on": "2026-10-12"}),
        ),
        (
            Kind::Agent,
            "bot",
            json!({"id": "bot", "name": "Refund bot", "workflow": "refunds", "tier": 1}),
        ),
    ] {
        deliver::declare(&app.db, kind, key, body).await;
    }
    let at = |minute: u32| format!("2026-11-16T10:{minute:02}:00Z");
    let call = |id: &str, name: &str, effect: &str| {
        json!({"id": id, "name": name, "started_at": at(1), "ended_at": at(2), "effect": effect,
            "input": "read order 7", "output": "ok", "resources": ["table orders"]})
    };
    let full = json!({"id": "run/7", "agent": "bot", "started_at": at(0), "ended_at": at(9), "outcome": "ok",
        "input": "a prompt about Mrs Smith", "output": "done", "cost": {"amount": "0.61", "currency": "EUR"},
        "tool_calls": [call("t1", "read", "none"), call("t2", "read", "none"), call("t3", "pay", "production")],
        "artifacts": [{"kind": "ticket", "ref": "T#1", "landed_at": at(20),
            "reversal": {"kind": "void", "ref": "refund 9"}}]});
    let bare = json!({"id": "bare", "agent": "stranger", "started_at": at(0)});
    deliver::records(&app.db, StreamName::Runs, &[full, bare]).await;
    let approval = json!({"id": "a1", "subject": {"run": "run/7"}, "level": "recorded", "requested_at": at(3),
        "decided_at": at(5), "decision": "approved", "approver": "ben"});
    deliver::records(&app.db, StreamName::Approvals, &[approval]).await;
    let decision = json!({"id": "p1", "run": "run/7", "tool_call": "t3", "at": at(4), "policy": "refunds/pay",
        "decision": "require_approval", "revision": "41"});
    deliver::records(&app.db, StreamName::PolicyDecisions, &[decision]).await;
    let evaluation = |id: &str, minute: u32, passed: bool| {
        json!({"id": id, "run": "run/7", "evaluator": {"name": "judge", "kind": "model"},
            "passed": passed, "finished_at": at(minute)})
    };
    let evaluations = [evaluation("e1", 10, false), evaluation("e2", 30, true)];
    deliver::good(&app.db, StreamName::Evaluations, &evaluations).await;
}

#[tokio::test]
async fn the_seven_answers_of_a_run_are_those_of_its_evidence() -> Result<()> {
    let app = App::fresh().await?;
    company(&app).await;
    let script = Script::with(&app, Scope::Read).await?;
    let receipt = told(&script, &routes::receipt("run", "run/7")).await?;
    for (question, words) in [
        (
            Question::Did,
            "3 tool calls (2 read, 1 pay); ended well [Declared] | Beyond its tier: pay",
        ),
        (
            Question::Touched,
            "Named by its calls: table orders [Declared]",
        ),
        (
            Question::Allowed,
            "refunds/pay, revision 41: allowed with an approval, for pay [Recorded]",
        ),
        (
            Question::Checked,
            "judge did not pass [Declared] | Only after it had landed: judge passed.",
        ),
        (
            Question::Approved,
            "ben, of the run, Mon 16 Nov 2026, 10:05 [Recorded]",
        ),
        (Question::Next, "Landed as the ticket T#1 [Declared]"),
    ] {
        let said = said(&receipt, question);
        assert!(said.starts_with(words), "{said}");
    }
    let reversed = said(&receipt, Question::Reversed);
    assert!(reversed.contains("refund 9"), "{reversed}");
    assert!(reversed.contains("practised Mon 12 Oct 2026"), "{reversed}");
    let wait = receipt
        .computed
        .iter()
        .find(|own| own.metric == "approval_wait");
    let wait = wait.unwrap().said.replace('\u{a0}', " ");
    assert!(
        wait.ends_with("asked for Mon 16 Nov 2026, 10:03 = 2 m"),
        "{wait}"
    );
    assert_eq!(receipt.cost[0].amount.as_deref(), Some("0.61 EUR"));
    assert_eq!(receipt.agent.as_ref().unwrap().name, "Refund bot");
    let text = serde_json::to_string(&receipt)?;
    for kept_back in ["Mrs Smith", "read order 7"] {
        assert!(!text.contains(kept_back), "{kept_back}");
    }
    Ok(())
}

#[tokio::test]
async fn tools_of_which_nobody_tells_the_effect_are_named() -> Result<()> {
    let app = App::fresh().await?;
    company(&app).await;
    let tool = json!({"name": "search", "effect": "none"});
    deliver::declare(&app.db, Kind::Tool, "search", tool).await;
    let call = |id: &str, name: &str| json!({"id": id, "name": name, "started_at": "2026-11-16T10:01:00Z"});
    let run = json!({"id": "untold", "agent": "bot", "started_at": "2026-11-16T10:00:00Z",
        "tool_calls": [call("t1", "search"), call("t2", "wire_money"), call("t3", "wire_money")]});
    deliver::good(&app.db, StreamName::Runs, &[run]).await;
    let script = Script::with(&app, Scope::Read).await?;
    let receipt = told(&script, &routes::receipt("run", "untold")).await?;
    let did = said(&receipt, Question::Did);
    let named =
        "Neither its calls nor the registry tell the effect of wire_money, which counts as none";
    assert!(did.contains(named), "{did}");
    Ok(())
}

#[tokio::test]
async fn what_a_run_left_behind_is_found_by_its_reference_whatever_its_kind() -> Result<()> {
    let app = App::fresh().await?;
    company(&app).await;
    let script = Script::with(&app, Scope::Read).await?;
    let receipt = told(&script, &routes::receipt("artifact", "T#1")).await?;
    assert_eq!(
        (receipt.title.as_str(), receipt.what.as_str()),
        ("Ticket T#1", "ticket")
    );
    assert_eq!(
        receipt,
        told(&script, &routes::receipt("ticket", "T#1")).await?
    );
    let counted: Vec<&str> = receipt
        .counted
        .iter()
        .map(|own| own.metric.as_str())
        .collect();
    assert_eq!(
        counted,
        [
            "evaluation_coverage",
            "auditability",
            "landed_after_failed_evaluation"
        ]
    );
    let met = |name: &str| {
        receipt
            .items
            .iter()
            .find(|own| own.item == name)
            .unwrap()
            .is_met
    };
    assert!(met("Run linked") && met("Approval on record") && met("Evaluated in time"));
    let path = "/api/v1/records/auditability?week=2026-W47";
    let listed = script.json(path).await?["records"][0]["receipt_url"].clone();
    assert_eq!(listed, "/receipts/ticket/T%231");
    let wrong = script.get("/api/v1/receipts/reply/T%231").await?;
    problem(wrong, StatusCode::NOT_FOUND, "the reply");
    Ok(())
}

#[tokio::test]
async fn a_run_that_names_a_deployment_and_its_receipt_lead_to_each_other() -> Result<()> {
    let app = App::fresh().await?;
    company(&app).await;
    let run = json!({"id": "deploys", "agent": "bot", "started_at": "2026-11-16T11:00:00Z",
        "keys": ["deployment:shop-981", "deployment:unknown"]});
    deliver::records(&app.db, StreamName::Runs, &[run]).await;
    let deployment = json!({"id": "shop-981", "service": "shop", "environment": "production", "commit": "c02e7d",
        "finished_at": "2026-11-16T11:05:00Z", "result": "success"});
    deliver::good(&app.db, StreamName::Deployments, &[deployment]).await;
    let script = Script::with(&app, Scope::Read).await?;
    let of_deployment = told(&script, &routes::receipt("deployment", "shop-981")).await?;
    let did = said(&of_deployment, Question::Did);
    let told_by_run = "No tool call told; not known to have ended; in run deploys [Declared]";
    assert!(did.starts_with(told_by_run), "{did}");
    let of_run = told(&script, &routes::receipt("run", "deploys")).await?;
    let next = said(&of_run, Question::Next);
    assert!(
        next.starts_with("Names the deployment shop-981 [Declared] | "),
        "{next}"
    );
    assert!(
        next.contains("deployment unknown, which it names, is not known here."),
        "{next}"
    );
    Ok(())
}

#[tokio::test]
async fn a_run_of_which_next_to_nothing_is_known_says_so_under_every_question() -> Result<()> {
    let app = App::fresh().await?;
    company(&app).await;
    let script = Script::with(&app, Scope::Read).await?;
    let path = routes::receipt("run", "bare");
    let receipt = told(&script, &path).await?;
    for question in &Question::ALL[1..] {
        let said = said(&receipt, *question);
        assert!(said.starts_with("Not recorded: "), "{question:?}: {said}");
    }
    let did = said(&receipt, Question::Did);
    assert!(
        did.contains("No tool call told; not known to have ended"),
        "{did}"
    );
    assert!(
        did.contains("Its input and its output are not recorded."),
        "{did}"
    );
    assert_eq!(receipt.cost[0].amount, None);
    assert_eq!(receipt.cost[0].how, "no cost was sent");
    assert!(receipt.workflows.is_empty() && !receipt.agent.as_ref().unwrap().is_registered);
    let (status, html) = page(&app, &path).await?;
    assert_eq!(status, StatusCode::OK);
    assert!(
        !html.contains("<td></td>") && html.contains("not recorded"),
        "{html}"
    );
    Ok(())
}

#[tokio::test]
async fn each_run_that_names_the_commit_of_a_change_leads_to_it_as_well_as_that_is_known()
-> Result<()> {
    let app = App::fresh().await?;
    company(&app).await;
    let run = |id: &str, keys: &[&str]| {
        json!({"id": id, "agent": "bot", "started_at": "2026-11-16T10:00:00Z", "ended_at": "2026-11-16T10:09:00Z",
            "outcome": "ok", "keys": keys})
    };
    let runs = [
        run("first", &["commit:abc"]),
        run("second", &["commit:abc"]),
        run("third", &["change:https://forge.example/shop/pull/2"]),
    ];
    deliver::good(&app.db, StreamName::Runs, &runs).await;
    let change = |id: &str, sha: &str, merged_at: Value| {
        json!({"id": id, "service": "shop", "author": {"id": "ana"}, "created_at": "2026-11-16T11:00:00Z",
            "merged_at": merged_at, "merge_commit": sha, "url": format!("https://forge.example/shop/pull/{}", &id[5..]), "commits": [{"sha": sha, "authored_at": "2026-11-16T10:30:00Z"}]})
    };
    let changes = [
        change("shop#1", "abc", json!("2026-11-16T12:00:00Z")),
        change("shop#2", "def", Value::Null),
    ];
    deliver::good(&app.db, StreamName::Changes, &changes).await;
    let script = Script::with(&app, Scope::Read).await?;
    for id in ["first", "second"] {
        let receipt = told(&script, &routes::receipt("run", id)).await?;
        assert_eq!(
            said(&receipt, Question::Next),
            "Landed as the change shop#1 [Declared]",
            "{id}"
        );
    }
    let receipt = told(&script, &routes::receipt("run", "third")).await?;
    assert_eq!(
        said(&receipt, Question::Next),
        "Joined, since it names the change https://forge.example/shop/pull/2, with a change that is not known to have landed: shop#2 [Declared]"
    );
    Ok(())
}
