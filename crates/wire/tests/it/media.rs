//! Media in a request never passes as inspected, however it is written; text beside or inside it is still masked.

use countersign_model::entity::Direction;
use countersign_wire::{Media, MediaKind, Shape, rewrite};
use serde_json::{Value, json};

use crate::toy::{LABEL, Toy};

fn look(body: &Value, direction: Direction) -> (Vec<Media>, Value) {
    let text = body.to_string();
    let out = rewrite(text.as_bytes(), Shape::ChatCompletions, direction, &mut Toy::default()).unwrap();
    let sent = out.body.map_or_else(|| body.clone(), |body| serde_json::from_slice(&body).unwrap());
    (out.summary.uninspected, sent)
}

fn listed(body: &Value) -> Vec<(String, MediaKind)> {
    look(body, Direction::Prompt).0.into_iter().map(|media| (media.place, media.kind)).collect()
}

fn png(characters: usize) -> String {
    "iVBORw0KGgoAAAANSUhEUgAA".chars().cycle().take(characters).collect()
}

#[test]
fn every_spelling_of_an_image_is_listed() {
    for url in [
        format!("data:image/png;base64,{}", png(80)),
        format!("DATA:image/png;BASE64,{}", png(80)),
        format!(" data:image/png;base64,{}", png(80)),
        format!("data:image/png;base64,{}\n{}\n", png(76), png(76)),
        format!("data:image/png;v=123456789;base64,{}", png(80)),
        "data:image/svg+xml,<svg/>".to_owned(),
        "HTTPS://example.org/a.png".to_owned(),
        "\thttp://example.org/a.png".to_owned(),
    ] {
        let body =
            json!({"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":url}}]}]});
        let place = "messages[0].content[0].image_url.url".to_owned();
        assert_eq!(listed(&body), [(place, MediaKind::Image)], "{url:?}");
    }
}

#[test]
fn every_protocol_has_its_places() {
    for (body, place, kind) in [
        (
            json!({"messages":[{"content":[{"type":"image","source":{"type":"base64","media_type":"image/png","data":png(80)}}]}]}),
            "messages[0].content[0].source.data",
            MediaKind::File,
        ),
        (json!({"messages":[{"content":"x","images":[png(40)]}]}), "messages[0].images[0]", MediaKind::Image),
        (json!({"prompt":"x","images":[png(80)]}), "images[0]", MediaKind::Image),
        (
            json!({"contents":[{"parts":[{"inlineData":{"mimeType":"image/png","data":png(40)}}]}]}),
            "contents[0].parts[0].inlineData.data",
            MediaKind::File,
        ),
        (
            json!({"contents":[{"parts":[{"inline_data":{"mime_type":"image/png","data":png(80)}}]}]}),
            "contents[0].parts[0].inline_data.data",
            MediaKind::File,
        ),
    ] {
        assert_eq!(listed(&body), [(place.to_owned(), kind)], "{body}");
    }
}

#[test]
fn base64_anywhere_is_listed_and_masked() {
    let long = png(256);
    let lines: String =
        long.as_bytes().chunks(20).map(|l| format!("{}\n", str::from_utf8(l).unwrap())).collect();
    let arguments = json!({"a": {"b": [long]}}).to_string();
    for (body, place) in [
        (json!({"messages":[{"content":long}]}), "messages[0].content"),
        (json!({"messages":[{"content":lines}]}), "messages[0].content"),
        (json!({"x":{"y":[format!("data:image/png;base64,{long}")]}}), "x.y[0]"),
        (json!({"function_call":{"arguments":arguments}}), "function_call.arguments"),
        (json!({"x":{ long.as_str(): 1 }}), "x"),
    ] {
        assert_eq!(listed(&body), [(place.to_owned(), MediaKind::File)], "{body}");
        assert_eq!(look(&body, Direction::Response).0, [], "{body}");
    }
    let hidden = format!("{long}99999999{long}");
    let (found, sent) = look(&json!({"messages":[{"content":hidden}]}), Direction::Prompt);
    assert_eq!(found[0].media_type.as_deref(), Some("base64"));
    assert_eq!(sent["messages"][0]["content"], format!("{long}{LABEL}{long}"));
    assert_eq!(listed(&json!({"messages":[{"content":"some words without an end ".repeat(20)}]})), []);
}

#[test]
fn text_in_a_media_place_is_masked_as_well() {
    let body = json!({"messages":[{"content":[
        {"image_url":{"url":"data:text/plain,SECRET1!"}},
        {"source":{"type":"text","media_type":"text/plain","data":"a SECRET1!"}},
    ]}]});
    let (found, sent) = look(&body, Direction::Prompt);
    assert_eq!(found.len(), 1);
    assert_eq!(sent["messages"][0]["content"][0]["image_url"]["url"], format!("data:text/plain,{LABEL}"));
    assert_eq!(sent["messages"][0]["content"][1]["source"]["data"], format!("a {LABEL}"));
}
