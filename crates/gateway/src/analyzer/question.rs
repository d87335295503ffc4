//! One question: `POST <url>/analyze` as Presidio's analyzer takes it, and its answer, read within a bound that the text's
//! length gives.

use bytes::Bytes;
use countersign_detect::Said;
use countersign_model::analyzer::AnalyzerSettings;
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use serde::{Deserialize, Serialize};

use super::Failure;
use crate::{headers, upstream::Upstreams};

/// Bytes of an answer that are read whatever the text,
const ANSWER_BYTES: usize = 16 << 10;
/// and for each byte of the text: a finding takes some 250.
const ANSWER_BYTES_PER_BYTE: usize = 64;
/// But never more.
const ANSWER_BYTES_MAX: usize = 8 << 20;

#[derive(Serialize)]
struct Question<'a> {
    text: &'a str,
    language: &'a str,
    score_threshold: f64,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    entities: &'a [String],
}

/// What is used of a finding; the rest is the analyzer's own business.
#[derive(Deserialize)]
struct Finding {
    entity_type: String,
    start: u64,
    end: u64,
    score: f64,
}

/// The question's body.
pub(crate) fn question(settings: &AnalyzerSettings, text: &str) -> Bytes {
    let question = Question {
        text,
        language: &settings.language,
        score_threshold: settings.score.value(),
        entities: &settings.entities,
    };
    Bytes::from(serde_json::to_vec(&question).unwrap_or_default())
}

/// Reads an answer. `None`: it is no list of findings.
pub(crate) fn findings(body: &[u8]) -> Option<Vec<Said>> {
    let list: Vec<Finding> = serde_json::from_slice(body).ok()?;
    let said = |Finding { entity_type, start, end, score }| Said { kind: entity_type, start, end, score };
    Some(list.into_iter().map(said).collect())
}

/// The request; `None`: the address is none.
pub(crate) fn request(settings: &AnalyzerSettings, text: &str) -> Option<Request<Full<Bytes>>> {
    let mut request = Request::new(Full::new(question(settings, text)));
    *request.method_mut() = Method::POST;
    *request.uri_mut() = settings.address().parse().ok()?;
    let sent = request.headers_mut();
    sent.insert(header::CONTENT_TYPE, headers::value("application/json"));
    sent.insert(header::ACCEPT, headers::value("application/json"));
    sent.insert(header::ACCEPT_ENCODING, headers::value("identity"));
    sent.insert(header::USER_AGENT, headers::value("countersign"));
    Some(request)
}

/// Most bytes of an answer about this text.
pub(crate) fn answer_max(text: &str) -> usize {
    ANSWER_BYTES.saturating_add(text.len().saturating_mul(ANSWER_BYTES_PER_BYTE)).min(ANSWER_BYTES_MAX)
}

/// Asks about one text. How long that may take is the caller's to say.
pub(crate) async fn ask(
    upstreams: &Upstreams,
    settings: &AnalyzerSettings,
    text: &str,
) -> Result<Vec<Said>, Failure> {
    let request = request(settings, text).ok_or(Failure::Unreachable)?;
    let answer = upstreams
        .send(settings.timeout_ms, request)
        .await
        .map_err(|no| if no.not_sent { Failure::Unreachable } else { Failure::BrokeOff })?;
    let (head, body) = answer.into_parts();
    if head.status != StatusCode::OK {
        return Err(Failure::Status(head.status.as_u16()));
    }
    let body = Limited::new(body, answer_max(text)).collect().await.map_err(|error| {
        if error.is::<LengthLimitError>() { Failure::AnswerTooLarge } else { Failure::BrokeOff }
    })?;
    findings(&body.to_bytes()).ok_or(Failure::NotAList)
}

#[cfg(test)]
mod tests {
    use countersign_model::analyzer::{Hundredths, WhenItFails};

    use super::*;

    fn settings(entities: &[&str]) -> AnalyzerSettings {
        AnalyzerSettings {
            url: "http://127.0.0.1:5002/".into(),
            language: "en".into(),
            score: Hundredths::parse("0.4").unwrap(),
            entities: entities.iter().map(|name| (*name).to_owned()).collect(),
            timeout_ms: 100,
            when_it_fails: WhenItFails::Closed,
        }
    }

    #[test]
    fn the_question_is_presidios() {
        let body =
            |entities: &[&str]| String::from_utf8(question(&settings(entities), "a\"😀").to_vec()).unwrap();
        assert_eq!(body(&[]), r#"{"text":"a\"😀","language":"en","score_threshold":0.4}"#);
        assert!(body(&["PERSON", "NRP"]).ends_with(r#","entities":["PERSON","NRP"]}"#));
        assert_eq!(request(&settings(&[]), "x").unwrap().uri(), "http://127.0.0.1:5002/analyze");
    }

    #[test]
    fn an_answer_is_a_list_of_findings_and_nothing_else() {
        let one = br#"[{"analysis_explanation":null,"end":15,"entity_type":"PERSON","score":0.85,"start":0,"recognition_metadata":{"a":1}}]"#;
        let said = Said { kind: "PERSON".into(), start: 0, end: 15, score: 0.85 };
        assert_eq!(findings(one), Some(vec![said]));
        assert_eq!(findings(b"[]"), Some(vec![]));
        for wrong in [
            "",
            "{}",
            "null",
            "[1]",
            "[null]",
            "<html>",
            "[] x",
            r#"{"error":"No matching recognizers"}"#,
            r#"[{"entity_type":"PERSON","start":0,"end":3}]"#,
            r#"[{"entity_type":"PERSON","start":-1,"end":3,"score":1}]"#,
            r#"[{"entity_type":"PERSON","start":0.5,"end":3,"score":1}]"#,
            r#"[{"entity_type":"PERSON","start":"0","end":3,"score":1}]"#,
            r#"[{"entity_type":null,"start":0,"end":3,"score":1}]"#,
        ] {
            assert_eq!(findings(wrong.as_bytes()), None, "{wrong}");
        }
    }
}
