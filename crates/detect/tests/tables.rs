//! Tables: the head of a column says what its cells are, in every cutting, and what is no table is read as before.

mod cutting;

use std::sync::Arc;

use countersign_detect::{Engine, Stream};
use proptest::prelude::*;

use self::cutting::pieces;

fn mask(text: &str) -> String {
    Engine::standard().mask(text).text.unwrap_or_else(|| text.to_owned())
}

#[test]
fn a_head_names_each_cell_of_its_column() {
    for (text, masked) in [
        (
            "name,email,phone,ssn,dob\n\
             John Smith,js@x.com,4155550132,536904399,1980-02-03\n\
             Mary Jones,mj@x.com,2125550188,219099998,1975-12-30\n",
            "name,email,phone,ssn,dob\n\
             [PERSON],[EMAIL_ADDRESS],[PHONE_NUMBER],[US_SSN],[DATE_OF_BIRTH]\n\
             [PERSON],[EMAIL_ADDRESS],[PHONE_NUMBER],[US_SSN],[DATE_OF_BIRTH]\n",
        ),
        (
            "| Name | Passport | Phone | City |\n|---|---|:--:|---|\n\
             | John Smith | 533380006 | 415 555 0132 | Boston |\n\
             | Ann Lee | 533380007 | 415 555 0133 | Berlin |",
            "| Name | Passport | Phone | City |\n|---|---|:--:|---|\n\
             | [PERSON] | [US_PASSPORT] | [PHONE_NUMBER] | [LOCATION] |\n\
             | [PERSON] | [US_PASSPORT] | [PHONE_NUMBER] | [LOCATION] |",
        ),
        (
            "first_name\tlast_name\tdate_of_birth\r\nJohn\tSmith\t03/04/1980\r\nAnn\tLee\t1979-01-02\r\n",
            "first_name\tlast_name\tdate_of_birth\r\n[PERSON]\t[PERSON]\t[DATE_OF_BIRTH]\r\n\
             [PERSON]\t[PERSON]\t[DATE_OF_BIRTH]\r\n",
        ),
        (
            "Here they are:\n\n id | full name  | password\n----+------------+----------\n \
             1  | John Smith | hunter2!\n 2  | Mary Jones | Sommer2024\n(2 rows)\n",
            "Here they are:\n\n id | full name  | password\n----+------------+----------\n \
             1  | [PERSON] | [PASSWORD]\n 2  | [PERSON] | [PASSWORD]\n(2 rows)\n",
        ),
        (
            "id;\"Name\";Stadt\n1;\"Schmidt, Anna\";\"Köln\"\n2;Max Weber;Bonn\n\nDanke; bis bald",
            "id;\"Name\";Stadt\n1;\"[PERSON]\";\"[LOCATION]\"\n2;[PERSON];[LOCATION]\n\nDanke; bis bald",
        ),
    ] {
        assert_eq!(mask(text), masked);
    }
}

#[test]
fn what_a_refuter_found() {
    for (text, masked) in [
        // A disguise in the head or the cell stopped the process.
        ("Ｍ password,n\n１,２\n", "Ｍ password,n\n１,２\n"),
        ("ssＭ|\n2ｅ", "ssＭ|\n2ｅ"),
        ("表１ user password\tnote\n１\t２\n", "表１ user password\tnote\n１\t２\n"),
        ("Ｎａｍｅ name,city\n\u{a0}Maria,x\n", "Ｎａｍｅ name,city\n\u{a0}Maria,x\n"),
        // What spreadsheets put before everything.
        (
            "\u{feff}id,name,password\n1,Maria Gonzalez,Tr0ub4dor9\n",
            "\u{feff}id,name,password\n1,[PERSON],[PASSWORD]\n",
        ),
        ("ｉｄ,ｐａｓｓｗｏｒｄ\n1,Tr0ub4dor9", "ｉｄ,ｐａｓｓｗｏｒｄ\n1,[PASSWORD]"),
        (
            "| a | password |\n|---|---|\n| x | pa55\\|w0rd77 |",
            "| a | password |\n|---|---|\n| x | [PASSWORD] |",
        ),
        ("name,age\nMaria Gonzalez,4\n", "name,age\n[PERSON],[AGE]\n"),
    ] {
        assert_eq!(mask(text), masked, "{text}");
    }
}

#[test]
fn what_is_no_table_is_read_as_before() {
    for text in [
        "Dear all,\nJohn, please see name, address\nBoston, 1990\n",
        "price,colour,size\n9.99,Red,XL\n12.50,Jet Black,M\n",
        "name,price,sku\nWidget Pro,9.99,AB-100\nDesk Lamp,12.50,AB-200\n",
        "| Option | Default |\n|---|---|\n| name | none |\n| timeout | 30 |\n",
        "| City | Population |\n|---|---|\n| Berlin | 3.7 million |\n| Hamburg | 1.9 million |\n",
        "| Company | Revenue |\n|---|---|\n| Apple | 391 |\n| Siemens | 76 |\n",
        "let (name, phone) = row;\nfoo, bar\n",
    ] {
        assert_eq!(mask(text), text);
    }
}

#[test]
fn what_is_masked_stays_as_it_is() {
    let once = mask("name,ssn\nJohn Smith,536904399\nAnn Lee,219099998\n");
    assert_eq!(mask(&once), once);
}

#[test]
fn a_cell_is_withheld_and_no_more() {
    let engine = Arc::new(Engine::standard());
    let (mut stream, mut out) = (engine.stream(), String::new());
    stream.push("note,name\nnothing here,", &mut out);
    assert_eq!(out, "note,name\nnothing here,");
    stream.push("John Sm", &mut out);
    assert_eq!(out, "note,name\nnothing here,");
    stream.push("ith\nand more", &mut out);
    assert_eq!(out, "note,name\nnothing here,[PERSON]\nand ");
    stream.push(&"x".repeat(400), &mut out);
    assert!(stream.held() < 300, "{}", stream.held());
}

#[test]
fn a_line_longer_than_one_of_heads_is_the_same_in_every_cutting() {
    // All of it looks like a rule but one letter, which is not at hand any more when the line ends.
    let line = format!("{}x{}", "-".repeat(1_500), "-".repeat(1_500));
    let text = format!("name|ssn\n{line}\nAnn Lee|219099998\n");
    for size in [1, 7, 1_024, 1_600] {
        assert_eq!(every_way(&text, &[size]).0, mask(&text), "{size}");
    }
}

const FRAGMENTS: &[&str] = &[
    "name",
    "ssn",
    "phone",
    "city",
    "password",
    "note",
    "id",
    "John Smith",
    "Ann Lee",
    "Boston",
    "536904399",
    "219099998",
    "4155550132",
    "hunter2!",
    "4111 1111 1111 1111",
    "js@x.com",
    ",",
    ",",
    ",",
    ",",
    "\t",
    "|",
    "| ",
    ";",
    "\n",
    "\n",
    "\n",
    "\r\n",
    "\"",
    "\"\"",
    " ",
    "---",
    "|---|---|",
    "é",
    "中文",
    "\u{200b}",
    "a",
    "x: ",
    "\\n",
    "Ｍ",
    "１",
    "２",
    "\u{a0}",
    "\u{feff}",
    "\\|",
    "ｎａｍｅ",
    "%41",
    "&#65;",
];

fn every_way(text: &str, sizes: &[usize]) -> (String, Stream) {
    let engine = Arc::new(Engine::standard());
    let (mut stream, mut out) = (engine.stream(), String::new());
    for piece in pieces(text, sizes) {
        stream.push(piece, &mut out);
    }
    stream.finish(&mut out);
    (out, stream)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(if cfg!(debug_assertions) { 600 } else { 60_000 }))]

    #[test]
    fn every_cutting_reads_the_same_tables(
        head in prop::collection::vec(0..7_usize, 1..5),
        picks in prop::collection::vec(0..FRAGMENTS.len(), 0..60),
        mark in prop::sample::select(vec![",", "\t", "|", ";", " | "]),
        sizes in prop::collection::vec(1..20_usize, 1..6),
    ) {
        let heads: Vec<&str> = head.iter().map(|number| FRAGMENTS[*number]).collect();
        let body: String = picks.iter().map(|number| FRAGMENTS[*number]).collect();
        let text = format!("{}\n{body}", heads.join(mark));
        let whole = Engine::standard().mask(&text);
        let (out, stream) = every_way(&text, &sizes);
        prop_assert_eq!(&out, whole.text.as_ref().unwrap_or(&text));
        prop_assert_eq!(stream.spans(), &whole.spans[..]);
    }
}
