//! How YAML and JSON become a document: values, lines, and what is refused.

#![allow(clippy::unwrap_used, reason = "a helper of tests may fail loudly")]

use serde_json::{Value, json};
use spec_tools::document::Document;

fn parse(text: &str) -> Document {
    Document::parse("test.yaml", text).unwrap()
}

fn fault(text: &str) -> String {
    Document::parse("test.yaml", text).unwrap_err().to_string()
}

fn value_of(text: &str) -> Value {
    parse(&format!("v: {text}")).value()["v"].clone()
}

#[test]
fn knows_the_line_of_every_name() {
    let document = parse("openapi: 3.0.3\npaths:\n  /a/b:\n\n    post:\n      tags:\n        - x\n        - y\n");
    assert_eq!(document.line_of(""), Some(1));
    assert_eq!(document.line_of("/paths"), Some(2));
    assert_eq!(document.line_of("/paths/~1a~1b/post"), Some(5));
    assert_eq!(document.line_of("/paths/~1a~1b/post/tags/1"), Some(8));
    assert_eq!(document.line_of("/paths/~1a~1b/post/security/0"), Some(5), "what is missing has the line around it");
}

#[test]
fn json_has_lines_too() {
    let document = parse("{\n\t\"a\": [\n\t\t1,\n\t\t{\"b\": \"\\ud83d\\ude00 \\\\ud83d \\u00e9\\/\"}\n\t]\n}\n");
    assert_eq!(document.value(), &json!({"a": [1, {"b": "\u{1F600} \\ud83d \u{e9}/"}]}));
    assert_eq!(document.line_of("/a/1/b"), Some(4));
}

#[test]
fn keeps_the_order_of_members() {
    let document = parse("z: 1\na: 2\nm: 3\n");
    assert_eq!(document.root().members().map(|(name, _)| name).collect::<Vec<_>>(), ["z", "a", "m"]);
}

#[test]
fn plain_text_is_what_yaml_1_2_says() {
    for text in ["no", "on", "yes", "off", "y", "2024-01-02", "1_000", "12:30", "3.0.3", "1.2.", "e5", "+", "0xg", "."]
    {
        assert_eq!(value_of(text), json!(text));
    }
    assert_eq!(value_of("true"), json!(true));
    assert_eq!(value_of("~"), Value::Null);
    assert_eq!(value_of(""), Value::Null);
    assert_eq!(value_of("'12'"), json!("12"));
    assert_eq!(value_of("\"null\""), json!("null"));
    assert_eq!(value_of("!!str 12"), json!("12"));
    assert_eq!(value_of("! 12"), json!("12"));
}

#[test]
fn numbers_stay_numbers() {
    assert_eq!(value_of("12"), json!(12));
    assert_eq!(value_of("-12"), json!(-12));
    assert_eq!(value_of("+12"), json!(12));
    assert_eq!(value_of("18446744073709551615"), json!(u64::MAX));
    assert_eq!(value_of("1.50"), json!(1.5));
    assert_eq!(value_of(".5"), json!(0.5));
    assert_eq!(value_of("1e3"), json!(1000.0));
    assert_eq!(value_of("0x1F"), json!(31));
    assert_eq!(value_of("0o17"), json!(15));
}

#[test]
fn numbers_of_more_than_64_bits_are_taken_as_nearly_as_it_goes() {
    for text in ["18446744073709551616", "-9223372036854775809", "123456789012345678901234567890"] {
        assert_eq!(value_of(text), json!(text.parse::<f64>().unwrap()));
    }
}

#[test]
fn refuses_numbers_that_json_cannot_say() {
    assert!(fault("v: 1e999").contains("too large"));
    assert!(fault("v: .nan").contains("JSON cannot say"));
    assert!(fault("v: -.inf").contains("JSON cannot say"));
}

#[test]
fn names_both_lines_of_a_duplicate_key() {
    let message = fault("paths:\n  /a:\n    post: 1\n    get: 2\n    post: 3\n");
    assert_eq!(message, "test.yaml:5: paths./a: `post` stands here and on line 3; keep one of them");
    assert!(fault("{\"a\": 1, \"a\": 2}").contains("`a` stands here and on line 1"));
    assert!(fault("200: a\n'200': b\n").contains("`200` stands here and on line 1"));
}

#[test]
fn status_codes_are_names() {
    assert_eq!(parse("200: ok\n").value(), &json!({"200": "ok"}));
}

#[test]
fn an_alias_is_a_copy() {
    let document = parse("a: &x\n  b: [1]\nc: *x\n");
    assert_eq!(document.value(), &json!({"a": {"b": [1]}, "c": {"b": [1]}}));
    assert_eq!(document.line_of("/c/b/0"), Some(3));
}

#[test]
fn refuses_aliases_that_unfold_without_bound() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..20 {
        let list = vec![format!("*a{}", level - 1); 10].join(", ");
        text.push_str(&format!("a{level}: &a{level} [{list}]\n"));
    }
    assert!(fault(&text).contains("unfold into more than 10000 values"));
    assert!(fault("a: &a [*a]").contains("inside what it names"));
}

#[test]
fn refuses_what_a_spec_has_no_use_for() {
    assert!(fault("a: &x {b: 1}\nc:\n  <<: *x\n").contains("test.yaml:3: merge keys"));
    assert!(fault("a: 1\n---\nb: 2\n").contains("second document"));
    assert!(fault("").contains("empty"));
    assert!(fault("# nothing\n").contains("empty"));
    assert!(fault("a: !secret b").contains("the tag `!secret` means nothing"));
    assert!(fault("[a, b]: c").contains("plain text"));
    assert!(fault("a: !!int b").contains("not what its tag says"));
    assert!(fault("a: [1\nb: 2").starts_with("test.yaml:2: not valid YAML or JSON at column"));
    assert!(fault("{\"a\": \"\\ud83d\"}").contains("not valid YAML or JSON"));
}

#[test]
fn refuses_endless_nesting() {
    assert!(fault(&"[".repeat(10_000)).contains("nested deeper") || fault(&"[".repeat(10_000)).contains("recursion"));
    let deep: String = (0..200).map(|level| format!("{}a:\n", " ".repeat(level))).collect();
    assert!(fault(&deep).contains("nested deeper than 128 levels"));
}

#[test]
fn says_which_file_cannot_be_read() {
    let error = Document::load("no/such/file.yaml").unwrap_err().to_string();
    assert!(error.starts_with("no/such/file.yaml: "), "{error}");
}
