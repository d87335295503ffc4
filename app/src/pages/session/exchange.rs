//! One exchange: what was asked and answered, as recorded, and how it went.

use countersign_model::{
    connection::Recording,
    entity::{Direction, Finding},
    exchange::{Coverage, End, ExchangeDetail, RiskShown, RowView, Timings, Turn},
    risk::RiskLevel,
};
use leptos::prelude::*;

use crate::{
    components::{
        badge::{Badge, EndBadge},
        masked::RecordedText,
        moment::MomentUtc,
        notice::Disagrees,
        shown::Hash,
    },
    view::{lanes, masks::Masks, numbers, text, words},
};

/// An exchange as an article.
#[component]
pub(super) fn Exchange(exchange: ExchangeDetail) -> impl IntoView {
    let sent = Masks::of(&exchange.request, &exchange.findings, Direction::Prompt);
    let answered = Masks::of(&exchange.response, &exchange.findings, Direction::Response)
        .to_prompt(&exchange.request, &exchange.findings);
    let broken = !exchange.unreadable.is_empty();
    let anchor = exchange.summary.id.to_string();
    let href = format!("#{anchor}");
    let summary = exchange.summary.clone();
    let tokens = |count| numbers::plural(i64::try_from(count).unwrap_or(i64::MAX), "token", "tokens");
    let usage = match (summary.usage.prompt_tokens, summary.usage.completion_tokens) {
        (None, None) => None,
        (Some(sent), Some(came)) => Some(format!("{sent} → {came} tokens")),
        (Some(sent), None) => Some(format!("{} sent", tokens(sent))),
        (None, Some(came)) => Some(format!("{} answered", tokens(came))),
    };
    view! {
        <article class="exchange card" id=anchor data-broken=broken.then_some("")>
            <header>
                <h2>
                    <a href=href rel="external" data-row=""><MomentUtc at=summary.at /></a>
                </h2>
                {if broken {
                    view! { <Badge state="stop" words="cannot be read" /> }.into_any()
                } else {
                    view! { <EndBadge end=summary.end /> }.into_any()
                }}
                <p class="soft">
                    <code>{summary.method.clone()} " " {summary.path.clone()}</code>
                    {summary.status.map(|status| format!(" · status {status}"))}
                    {summary.duration_micros.map(|whole| format!(" · {}", numbers::micros(whole)))}
                    {usage.map(|usage| format!(" · {usage}"))}
                </p>
            </header>
            <Untrue exchange=exchange.clone() />
            <Reasons exchange=exchange.clone() />
            <Turns title="Sent to the model" turns=exchange.request.clone() masks=sent />
            <Turns title="Answered" turns=exchange.response.clone() masks=answered />
            {(exchange.recording == Some(Recording::MetadataOnly))
                .then(|| view! { <p class="soft">"This connection records metadata only: no text was kept."</p> })}
            {exchange
                .truncated
                .then(|| view! { <p class="notice" data-state="wait">"The recorded answer was cut at the recording limit."</p> })}
            <div class="folds">
                <Found findings=exchange.findings.clone() counted=exchange.summary.entities.clone() />
                <Risks risks=exchange.risks.clone() />
                <Time timings=exchange.timings end=exchange.summary.end />
                <Details exchange=exchange.clone() />
                <Rows rows=exchange.rows />
            </div>
        </article>
    }
}

/// What of it is not as it was recorded: said before anything else, and never explained away.
#[component]
fn Untrue(exchange: ExchangeDetail) -> impl IntoView {
    let rows = exchange.unreadable.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
    let unreadable = match exchange.unreadable.len() {
        0 => None,
        1 => Some(format!("Row {rows} cannot be read.")),
        _ => Some(format!("Rows {rows} cannot be read.")),
    };
    view! {
        {unreadable
            .map(|words| {
                view! {
                    <p class="notice" data-state="stop" role="alert">
                        <strong>{words}</strong>
                        " What is stored is missing, or is not what was committed to. What it said is not shown here, and nothing on this card stands in for it."
                    </p>
                }
            })}
        {(!exchange.disagrees.is_empty())
            .then(|| view! { <Disagrees names=exchange.disagrees.clone() what="this exchange" /> })}
    }
}

#[component]
fn Reasons(exchange: ExchangeDetail) -> impl IntoView {
    let detail = exchange.detail.filter(|detail| !detail.is_empty());
    match (exchange.summary.reason, exchange.summary.end) {
        (Some(reason), end) => view! {
            <p class="notice" data-state="stop">
                <strong>{words::end(end)}</strong> ": " {reason.sentence()} " "
                {detail.map(|detail| view! { "(" {detail} ") " })}
                <code>{reason.code()}</code>
            </p>
        }
        .into_any(),
        (None, End::UpstreamError) => view! {
            <p class="notice" data-state="stop">
                <strong>"model error"</strong>
                {match exchange.summary.status {
                    Some(status) => format!(": the model server answered with status {status}; its answer was relayed."),
                    None => ": the model server answered with an error, which was relayed.".to_owned(),
                }}
            </p>
        }
        .into_any(),
        (None, _) => ().into_any(),
    }
}

#[component]
fn Turns(title: &'static str, turns: Vec<Turn>, masks: Masks) -> impl IntoView {
    if turns.is_empty() {
        return ().into_any();
    }
    let items = turns
        .into_iter()
        .map(|turn| {
            let kind = turn.kind.clone();
            let other =
                (turn.kind != "text").then(|| view! { <span class="soft">{turn.kind.clone()}</span> });
            let name = (!turn.name.is_empty()).then(|| view! { <code>{turn.name}</code> });
            let masks = masks.clone();
            let role = turn.role.clone();
            view! {
                <li class="turn" data-role=role data-kind=turn.kind>
                    <p class="turn-role"><strong>{turn.role}</strong> {other} {name}</p>
                    <div class="turn-text" dir="auto"><RecordedText text=turn.text kind masks /></div>
                </li>
            }
        })
        .collect_view();
    view! {
        <section>
            <h3>{title}</h3>
            <ol class="turns">{items}</ol>
        </section>
    }
    .into_any()
}

#[component]
fn Found(findings: Vec<Finding>, counted: Vec<(String, i64)>) -> impl IntoView {
    let listed = i64::try_from(findings.len()).unwrap_or(i64::MAX);
    // Rows that cannot be read have no say in the count.
    let count = counted.iter().map(|(_, count)| count).sum::<i64>().max(listed);
    let unlisted = (count > listed).then(|| {
        let of_each: Vec<String> = counted
            .iter()
            .map(|(entity, count)| format!("{} {}", numbers::count(*count), text::label_words(entity)))
            .collect();
        view! {
            <p class="soft">
                {format!(
                    "All of them were found and counted; the first {} are listed. By kind: {}.",
                    numbers::count(listed),
                    of_each.join(", "),
                )}
            </p>
        }
    });
    let rows = findings
        .into_iter()
        .map(|finding| {
            let direction = match finding.direction {
                Direction::Prompt => "prompt",
                Direction::Response => "answer",
            };
            let why = words::why(finding.evidence, finding.undone);
            view! {
                <tr>
                    <th scope="row" data-th="What">
                        <span><span class="masked" title=finding.entity.clone()>{text::label_words(&finding.entity)}</span></span>
                    </th>
                    <td data-th="Where"><span>{direction} " " <code>{finding.place}</code> ", byte " {finding.at}</span></td>
                    <td data-th="Done">{words::done(finding.action)}</td>
                    <td data-th="Why">{why}</td>
                    <td data-th="Score" class="num">{format!("{:.2}", finding.score)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <details>
            <summary>{numbers::plural(count, "finding", "findings")}</summary>
            {if count == 0 {
                view! { <p class="soft">"The detectors found nothing in the inspected text."</p> }.into_any()
            } else {
                view! {
                    {unlisted}
                    <div class="table">
                        <table>
                            <thead>
                                <tr>
                                    <th scope="col">"What"</th>
                                    <th scope="col">"Where, in the masked text"</th>
                                    <th scope="col">"Done"</th>
                                    <th scope="col">"Why"</th>
                                    <th scope="col" class="num">"Score"</th>
                                </tr>
                            </thead>
                            <tbody>{rows}</tbody>
                        </table>
                    </div>
                }
                    .into_any()
            }}
        </details>
    }
}

/// Risk signals, quietly: they decided nothing. Nothing where there are none.
#[component]
fn Risks(risks: Vec<RiskShown>) -> impl IntoView {
    if risks.is_empty() {
        return ().into_any();
    }
    let count = i64::try_from(risks.len()).unwrap_or(i64::MAX);
    let gravest = risks.iter().filter_map(|shown| RiskLevel::of(shown.risk.score)).max();
    let rows = risks
        .into_iter()
        .map(|RiskShown { risk, why }| {
            let direction = match risk.direction {
                Direction::Prompt => "prompt",
                Direction::Response => "answer",
            };
            let why = why.unwrap_or_else(|| "a rule of another version saw it".to_owned());
            view! {
                <tr>
                    <th scope="row" data-th="What">{risk.kind.words()}</th>
                    <td data-th="Where"><span>{direction} " " <code>{risk.place}</code></span></td>
                    <td data-th="Why"><span title=risk.rule>{why}</span></td>
                    <td data-th="Score" class="num">{format!("{:.2}", risk.score)}</td>
                </tr>
            }
        })
        .collect_view();
    view! {
        <details>
            <summary>
                {numbers::plural(count, "risk signal", "risk signals")}
                {gravest.map(|level| format!(", {}", level.name()))}
            </summary>
            <p class="soft">"Reasons to look at a text. They blocked nothing."</p>
            <div class="table">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"What"</th>
                            <th scope="col">"Where"</th>
                            <th scope="col">"Why"</th>
                            <th scope="col" class="num">"Score"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

#[component]
fn Time(timings: Timings, end: End) -> impl IntoView {
    let lanes = lanes::lanes(&timings, end);
    if lanes.is_empty() {
        return ().into_any();
    }
    let whole: u64 = lanes.iter().map(|lane| lane.micros).sum();
    let added = lanes::added(&timings).map(numbers::micros);
    let items = lanes
        .into_iter()
        .map(|lane| {
            view! {
                <li data-owner=lane.owner>
                    <span>{lane.name}</span>
                    <svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
                        <rect class="lane-track" x="0" y="3.5" width="100" height="1" />
                        <rect x=lane.start y="0" width=lane.width.max(0.4) height="8" />
                    </svg>
                    <span class="num">{numbers::micros(lane.micros)}</span>
                </li>
            }
        })
        .collect_view();
    view! {
        <details open>
            <summary>
                {numbers::micros(whole)} {added.map(|added| format!(", of which {added} before the model was asked"))}
            </summary>
            <ol class="lanes">{items}</ol>
        </details>
    }
    .into_any()
}

#[component]
fn Details(exchange: ExchangeDetail) -> impl IntoView {
    let unsettled = if exchange.summary.end == End::Refused { "not reached" } else { "cannot be read" };
    let masking = match exchange.masking.as_ref().map(|masking| (masking.prompt, masking.response)) {
        None => unsettled,
        Some((true, true)) => "prompt and answer masked",
        Some((true, false)) => "prompt masked, answer passed as it came",
        Some((false, true)) => "prompt passed as sent, answer masked",
        Some((false, false)) => "passed as sent; only the record is masked",
    };
    let actions = exchange.masking.as_ref().map(|masking| &masking.actions).filter(|set| !set.are_usual());
    let actions = actions.map(|actions| actions.lines().join(", "));
    let recorded = exchange.recording.map_or(unsettled, words::recording);
    view! {
        <details>
            <summary>"Facts of this exchange"</summary>
            <dl class="pairs">
                <div><dt>"From"</dt><dd><code>{exchange.peer}</code></dd></div>
                {exchange.user_agent.map(|agent| view! { <div><dt>"Client"</dt><dd>{agent}</dd></div> })}
                {(!exchange.summary.shape.is_empty())
                    .then(|| view! { <div><dt>"Shape"</dt><dd><code>{exchange.summary.shape}</code></dd></div> })}
                {exchange.summary.model.map(|model| view! { <div><dt>"Model"</dt><dd>{model}</dd></div> })}
                <div><dt>"Masking"</dt><dd>{masking}</dd></div>
                {actions.map(|actions| view! { <div><dt>"Actions"</dt><dd>{actions}</dd></div> })}
                <div><dt>"Recorded"</dt><dd>{recorded}</dd></div>
                <div><dt>"Prompt"</dt><dd><Covered coverage=exchange.prompt_coverage /></dd></div>
                <div><dt>"Answer"</dt><dd><Covered coverage=exchange.response_coverage /></dd></div>
                {(!exchange.rules.is_empty())
                    .then(|| view! { <div><dt>"Rules"</dt><dd>{exchange.rules.join(", ")}</dd></div> })}
                {(!exchange.finish_reasons.is_empty())
                    .then(|| view! { <div><dt>"Finished"</dt><dd>{exchange.finish_reasons.join(", ")}</dd></div> })}
                {exchange
                    .request_id
                    .map(|id| view! { <div><dt>"Request"</dt><dd><Hash text=id.to_string() /></dd></div> })}
                <div><dt>"Exchange"</dt><dd><Hash text=exchange.summary.id.to_string() /></dd></div>
            </dl>
        </details>
    }
}

#[component]
fn Covered(coverage: Coverage) -> impl IntoView {
    let gaps = coverage.uninspected;
    let run = coverage.rules_run.map(|run| {
        format!(" by {} detectors and {} risk rules (version {})", run.entities, run.signals, run.version)
    });
    let analyzer = coverage.analyzer.map(|run| {
        format!(
            "The external analyzer was asked about {} and gave {} in {}.",
            numbers::plural(i64::try_from(run.texts).unwrap_or(i64::MAX), "text", "texts"),
            numbers::plural(i64::try_from(run.spans).unwrap_or(i64::MAX), "span", "spans"),
            numbers::micros(run.micros),
        )
    });
    let not_run = coverage.not_run.into_iter().map(|not| format!("{}: {}", not.rule, not.why));
    let not_run = not_run.collect::<Vec<_>>().join("; ");
    view! {
        {format!(
            "{} received, {} of text inspected",
            numbers::bytes(coverage.bytes),
            numbers::bytes(coverage.inspected_bytes),
        )}
        {run}
        {analyzer.map(|analyzer| view! { <span class="block soft">{analyzer}</span> })}
        {(!not_run.is_empty()).then(|| view! { <span class="block soft">"Not everything was looked at: " {not_run}</span> })}
        {(!gaps.is_empty()).then(|| view! { <strong class="block">"Not inspected: " {gaps.join(", ")}</strong> })}
    }
}

#[component]
fn Rows(rows: Vec<RowView>) -> impl IntoView {
    let count = i64::try_from(rows.len()).unwrap_or(i64::MAX);
    let items = rows
        .into_iter()
        .map(|row| {
            view! {
                <li>
                    <span class="num">{row.seq}</span>
                    <span>{row.kind}</span>
                    <Hash text=row.leaf_hash />
                    <span class="soft">
                        {if row.prev.is_empty() {
                            view! { "cannot be read" }.into_any()
                        } else {
                            view! { "after " <Hash text=row.prev /> }.into_any()
                        }}
                    </span>
                </li>
            }
        })
        .collect_view();
    view! {
        <details>
            <summary>{numbers::plural(count, "ledger row", "ledger rows")}</summary>
            <ol class="rows">{items}</ol>
        </details>
    }
}
