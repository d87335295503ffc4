//! A connection's analyzer, if it has one: asked about every text of a prompt, or of a whole answer, before anything is
//! masked, so that what it finds is masked with what we find.
//!
//! Promises: one time-out for all texts of a direction; at most [`AT_ONCE`] questions at a time; what it says is checked and
//! is either used or a [`Failure`], never dropped in part. A failure ends the request or stands in the record, as the
//! connection says. Never: follows a redirect, sends the model server's credential, or logs a text.

mod gather;
mod question;

use std::{borrow::Cow, collections::HashMap, sync::Arc, time::Duration};

use countersign_detect::{Foreign, NotSpans, Said};
use countersign_model::{
    analyzer::{AnalyzerSettings, WhenItFails},
    exchange::{AnalyzerRun, NotRun},
    reason::Reason,
};
use futures::{StreamExt as _, TryStreamExt as _};
use tokio::time::Instant;

use crate::{directory::Route, reply::Refusal, upstream::Upstreams};

pub(crate) use self::gather::Gathered;
pub(crate) use self::question::{answer_max, findings, question};

/// Questions of one request at the same time.
const AT_ONCE: usize = 8;
/// Most different texts of a direction it is asked about.
const TEXTS_MAX: usize = 2_000;
/// Most spans of a direction.
const SPANS_MAX: usize = 100_000;

/// What is known of a direction's texts.
#[derive(Clone, Default)]
pub(crate) enum Asked {
    /// The connection has no analyzer.
    #[default]
    Nobody,
    /// What it said.
    Said(Arc<Analysis>),
    /// It was not asked, or gave no answer that can be used, and the connection goes on: why.
    Not(Cow<'static, str>),
}

/// What the analyzer found, by text.
#[derive(Debug, Default)]
pub(crate) struct Analysis {
    spans: HashMap<String, Vec<Foreign>>,
    run: AnalyzerRun,
    when_it_fails: Option<WhenItFails>,
}

/// Why the analyzer did not look at everything. Holds no content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    /// Milliseconds that it had.
    TimedOut(u32),
    Unreachable,
    /// Another status than 200, redirects among them.
    Status(u16),
    BrokeOff,
    /// Not a list of findings.
    NotAList,
    Spans(NotSpans),
    /// Its answer about one text, or its answers about all.
    AnswerTooLarge,
    TooManyTexts,
    /// Texts that came up only when they were masked.
    Unasked(u64),
}

impl Failure {
    /// A sentence's part, for the record.
    pub fn why(&self) -> Cow<'static, str> {
        match self {
            Self::TimedOut(ms) => format!("time-out: no answer about all texts within {ms} ms").into(),
            Self::Unreachable => "unreachable".into(),
            Self::Status(status) => format!("bad answer: HTTP {status}").into(),
            Self::BrokeOff => "bad answer: it broke off".into(),
            Self::NotAList => "bad answer: no list of findings".into(),
            Self::Spans(NotSpans::Place) => "bad answer: a place that is not in the text".into(),
            Self::Spans(NotSpans::Kind) => "bad answer: a kind without a proper name".into(),
            Self::Spans(NotSpans::TooManyKinds) => "bad answer: too many different kinds".into(),
            Self::Spans(NotSpans::Score) => "bad answer: a score that is not between 0 and 1".into(),
            Self::AnswerTooLarge => "too large: more findings than are read".into(),
            Self::TooManyTexts => format!("too large: more than {TEXTS_MAX} texts").into(),
            Self::Unasked(texts) => format!("{texts} texts were not shown to it").into(),
        }
    }

    /// What the record says.
    pub fn not_run(&self) -> NotRun {
        not_run(self.why())
    }

    /// What a caller is told when the connection fails closed.
    pub const fn reason(&self) -> Reason {
        match self {
            Self::AnswerTooLarge | Self::TooManyTexts => Reason::AnalyzerTooLarge,
            _ => Reason::AnalyzerUnavailable,
        }
    }
}

impl From<Failure> for Refusal {
    fn from(no: Failure) -> Self {
        Self::new(no.reason(), Some(format!("analyzer: {}", no.why())))
    }
}

impl Asked {
    /// A streamed answer goes to its reader as it comes.
    pub fn not_of_a_stream(route: &Route) -> Self {
        match route.policy.analyzer() {
            Some(_) => Self::Not("a streamed answer does not wait for it".into()),
            None => Self::Nobody,
        }
    }

    /// Asks about everything that was gathered. An error means that the connection fails closed.
    pub async fn about(
        upstreams: &Upstreams,
        settings: &AnalyzerSettings,
        gathered: Gathered,
    ) -> Result<Self, Failure> {
        match Analysis::of(upstreams, settings, gathered.into_texts()).await {
            Ok(analysis) => Ok(Self::Said(Arc::new(analysis))),
            Err(failure) => {
                tracing::warn!(why = %failure.why(), "a connection's analyzer failed");
                match settings.when_it_fails {
                    WhenItFails::Closed => Err(failure),
                    WhenItFails::Open => Ok(Self::Not(failure.why())),
                }
            }
        }
    }

    /// What was asked, for the record.
    pub fn run(&self) -> Option<AnalyzerRun> {
        match self {
            Self::Said(analysis) => Some(analysis.run),
            Self::Nobody | Self::Not(_) => None,
        }
    }

    /// What the record says of what was not asked, `unasked` of them texts that came up only when they were masked.
    pub fn not_run(&self, unasked: u64) -> Option<NotRun> {
        let why = match self {
            Self::Not(why) => why.clone(),
            Self::Said(_) if unasked > 0 => Failure::Unasked(unasked).why(),
            Self::Nobody | Self::Said(_) => return None,
        };
        Some(not_run(why))
    }

    /// Whether to go on although texts were masked that it was not asked about.
    pub fn goes_on(&self, unasked: u64) -> Result<(), Failure> {
        match self {
            Self::Said(analysis) if unasked > 0 && analysis.when_it_fails == Some(WhenItFails::Closed) => {
                Err(Failure::Unasked(unasked))
            }
            _ => Ok(()),
        }
    }
}

fn not_run(why: Cow<'static, str>) -> NotRun {
    NotRun { rule: "analyzer".to_owned(), why: why.into_owned() }
}

impl Analysis {
    async fn of(
        upstreams: &Upstreams,
        settings: &AnalyzerSettings,
        texts: Vec<String>,
    ) -> Result<Self, Failure> {
        if texts.len() > TEXTS_MAX {
            return Err(Failure::TooManyTexts);
        }
        let began = Instant::now();
        let mut analysis = Self { when_it_fails: Some(settings.when_it_fails), ..Self::default() };
        let all = async {
            let mut answers = futures::stream::iter(texts)
                .map(|text| async move {
                    let said = question::ask(upstreams, settings, &text).await?;
                    let spans = spans(settings, &text, &said).map_err(Failure::Spans)?;
                    Ok::<_, Failure>((text, spans))
                })
                .buffer_unordered(AT_ONCE);
            while let Some((text, spans)) = answers.try_next().await? {
                analysis.run.texts += 1;
                analysis.run.spans += spans.len() as u64;
                if analysis.run.spans > SPANS_MAX as u64 {
                    return Err(Failure::AnswerTooLarge);
                }
                analysis.spans.insert(text, spans);
            }
            Ok(())
        };
        let wait = Duration::from_millis(u64::from(settings.timeout_ms));
        tokio::time::timeout(wait, all).await.map_err(|_| Failure::TimedOut(settings.timeout_ms))??;
        analysis.run.micros = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        Ok(analysis)
    }

    /// What was found in a text; `None`: it was not asked about, and should have been.
    pub fn spans(&self, place: &str, text: &str) -> Option<&[Foreign]> {
        if gather::goes_without_asking(place, text) {
            return Some(&[]);
        }
        self.spans.get(text).map(Vec::as_slice)
    }
}

/// What was said of a text, checked; what it is less sure of than the connection wants is no finding.
fn spans(settings: &AnalyzerSettings, text: &str, said: &[Said]) -> Result<Vec<Foreign>, NotSpans> {
    let spans = Foreign::of(text, said)?;
    Ok(spans.into_iter().filter(|span| f64::from(span.score()) + 1e-6 >= settings.score.value()).collect())
}
