//! New members for a YAML file that people write: lines are put in, and no other line changes.
//!
//! Whatever the file looks like, what comes out is read again and must say what it said before and the new members, or
//! nothing is written.

use serde_json::Value;

use super::{Refused, emit};
use crate::document::Document;
use crate::pointer;

/// A file that gets new members.
pub(super) struct Insertion {
    path: std::path::PathBuf,
    text: String,
    expected: Value,
}

impl Insertion {
    /// Begins with the file as it is.
    pub(super) fn new(document: &Document, text: &str) -> Result<Self, Refused> {
        if text.trim_start().starts_with('{') {
            let path = document.path().display();
            return Err(Refused::new(format!("{path} is JSON; lines can be added to YAML alone")));
        }
        let mut text = text.to_owned();
        if !text.ends_with('\n') {
            text.push('\n');
        }
        Ok(Self { path: document.path().to_owned(), text, expected: document.value().clone() })
    }

    /// Puts `addition`, an object's members or a list's items, behind those that are at `place` (such as `/paths`).
    pub(super) fn add(&mut self, place: &str, addition: &Value) -> Result<(), Refused> {
        if addition.as_object().is_some_and(serde_json::Map::is_empty) {
            return Ok(());
        }
        let document = self.read()?;
        let present = document.value().pointer(place);
        if present.is_none_or(is_empty) {
            self.add_new(&document, place, addition)?;
        } else {
            let line = self.last_line(&document, place);
            let depth = self.depth_of_children(&document, place, line)?;
            let block = block(addition, depth);
            self.insert(line, &block);
        }
        merge(&mut self.expected, place, addition);
        self.verify(place)
    }

    /// The text, with what was put in.
    pub(super) fn finish(self) -> String {
        self.text
    }

    fn read(&self) -> Result<Document, Refused> {
        Document::parse(&self.path, &self.text).map_err(|error| Refused::new(error.to_string()))
    }

    fn verify(&self, place: &str) -> Result<(), Refused> {
        let is_as_expected = self.read().is_ok_and(|document| *document.value() == self.expected);
        if is_as_expected {
            return Ok(());
        }
        let (path, place) = (self.path.display(), pointer::display(place));
        Err(Refused::new(format!(
            "{path}: {place} is not written as a block, a member or item a line, so nothing can be added to it; write it \
             like that first"
        )))
    }

    /// A place that is not there, or says that it is empty.
    fn add_new(&mut self, document: &Document, place: &str, addition: &Value) -> Result<(), Refused> {
        let name = pointer::names(place).last().unwrap_or_default();
        let above = pointer::parent(place).unwrap_or_default();
        let is_there = document.value().pointer(place).is_some();
        if !above.is_empty() && document.value().pointer(above).is_none_or(is_empty) {
            let around = serde_json::json!({ name: addition });
            return self.add_new(document, above, &around);
        }
        if is_there {
            // `paths: {}`: the line goes, and what it said is written as a block.
            let line = document.line_of(place).unwrap_or(1);
            let lines: Vec<_> = self.text.split_inclusive('\n').collect();
            let (before, after) = (lines[..line - 1].concat(), lines[line..].concat());
            self.text = before + &after;
        }
        let (line, depth) = if above.is_empty() {
            (self.text.lines().count(), 0)
        } else {
            let line = self.last_line(document, above);
            (line - usize::from(is_there), self.depth_of_children(document, above, line)?)
        };
        self.insert(line, &format!("{:depth$}{name}:\n{}", "", block(addition, depth + 2)));
        Ok(())
    }

    /// The last line, counted from 1, of what stands at `place`: before the next name that is not below it, and before
    /// the blank lines and comments that belong to that one.
    fn last_line(&self, document: &Document, place: &str) -> usize {
        let lines: Vec<_> = self.text.lines().collect();
        let begin = document.line_of(place).unwrap_or(1);
        let own = lines.get(begin - 1).map_or(0, |line| indent(line));
        let is_list = document.value().pointer(place).is_some_and(Value::is_array);
        let next = lines.iter().enumerate().skip(begin).find(|(_, line)| {
            let is_said = !line.trim().is_empty() && !line.trim_start().starts_with('#');
            // The items of a list may stand as deep as its name.
            is_said && indent(line) <= own && !(is_list && indent(line) == own && line.trim_start().starts_with('-'))
        });
        let mut end = next.map_or(lines.len(), |(index, _)| index);
        while end > begin
            && lines.get(end - 1).is_some_and(|line| {
                line.trim().is_empty() || (line.trim_start().starts_with('#') && indent(line) <= own)
            })
        {
            end -= 1;
        }
        end
    }

    fn depth_of_children(&self, document: &Document, place: &str, last: usize) -> Result<usize, Refused> {
        let begin = document.line_of(place).unwrap_or(1);
        let said = |line: &&str| !line.trim().is_empty() && !line.trim_start().starts_with('#');
        let mut below = self.text.lines().skip(begin).take(last.saturating_sub(begin));
        below.find(said).map(indent).ok_or_else(|| {
            let (path, place) = (self.path.display(), pointer::display(place));
            Refused::new(format!("{path}:{begin}: {place} stands on one line; write it as a block, a member a line"))
        })
    }

    fn insert(&mut self, after: usize, block: &str) {
        let lines: Vec<_> = self.text.split_inclusive('\n').collect();
        let (before, behind) = lines.split_at(after.min(lines.len()));
        self.text = [before.concat(), block.to_owned(), behind.concat()].concat();
    }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Object(members) => members.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn block(addition: &Value, depth: usize) -> String {
    if addition.is_array() { emit::items(addition, depth) } else { emit::members(addition, depth) }
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches(' ').len()
}

/// What the file should say then.
fn merge(whole: &mut Value, place: &str, addition: &Value) {
    let mut here = whole;
    for name in pointer::names(place) {
        if !here.is_object() {
            *here = Value::Object(serde_json::Map::new());
        }
        let Some(members) = here.as_object_mut() else { return };
        here = members.entry(name).or_insert(Value::Null);
    }
    match (here, addition) {
        (Value::Object(members), Value::Object(more)) => members.extend(more.clone()),
        (Value::Array(items), Value::Array(more)) => items.extend(more.iter().cloned()),
        (here, addition) => *here = addition.clone(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn insert(text: &str, additions: &[(&str, Value)]) -> Result<String, String> {
        let document = Document::parse("webhooks.yaml", text).unwrap();
        let mut insertion = Insertion::new(&document, text).map_err(|refused| refused.to_string())?;
        for (place, addition) in additions {
            insertion.add(place, addition).map_err(|refused| refused.to_string())?;
        }
        Ok(insertion.finish())
    }

    #[test]
    fn every_line_that_was_there_is_there_as_it_was() {
        let text = "# Head.\nopenapi: 3.0.3   # as ever\n\ntags:\n  - name: a   # the first\n\n# About paths.\npaths:\n  \
                    /a:\n    post: {}\n\n  # The last one.\n  /b: { post: {} }\n\ncomponents:\n  securitySchemes:\n    \
                    s: {type: x}\n  schemas:\n    # Deep.\n    A: {type: object}\n# The end.\n";
        let done = insert(
            text,
            &[
                ("/tags", json!([{ "name": "acme" }])),
                ("/paths", json!({ "/acme": { "post": {} } })),
                ("/components/securitySchemes", json!({ "acme": { "type": "z" } })),
                ("/components/schemas", json!({ "Acme": { "type": "object" } })),
            ],
        )
        .unwrap();
        let expected = "# Head.\nopenapi: 3.0.3   # as ever\n\ntags:\n  - name: a   # the first\n  - name: acme\n\n\
                        # About paths.\npaths:\n  /a:\n    post: {}\n\n  # The last one.\n  /b: { post: {} }\n  /acme:\n    \
                        post: {}\n\ncomponents:\n  securitySchemes:\n    s: {type: x}\n    acme:\n      type: z\n  \
                        schemas:\n    # Deep.\n    A: {type: object}\n    Acme:\n      type: object\n# The end.\n";
        assert_eq!(done, expected);
    }

    #[test]
    fn makes_the_places_that_are_missing_or_empty() {
        let addition = [
            ("/tags", json!([{ "name": "acme" }])),
            ("/paths", json!({ "/acme": { "post": {} } })),
            ("/components/schemas", json!({ "Acme": {} })),
        ];
        let expected = "openapi: 3.0.3\npaths:\n  /acme:\n    post: {}\n";
        assert!(insert("openapi: 3.0.3\npaths: {}\n", &addition[1..2]).unwrap().starts_with(expected));
        let done = insert("openapi: 3.0.3\ncomponents:\n  x: 1", &addition).unwrap();
        let expected = "openapi: 3.0.3\ncomponents:\n  x: 1\n  schemas:\n    Acme: {}\ntags:\n  - name: acme\npaths:\n  \
                        /acme:\n    post: {}\n";
        assert_eq!(done, expected);
    }

    #[test]
    fn lists_may_stand_as_deep_as_their_name_and_lines_may_end_as_on_windows() {
        let done = insert("tags:\n- name: a\npaths: {}\n", &[("/tags", json!([{ "name": "b" }]))]).unwrap();
        assert_eq!(done, "tags:\n- name: a\n- name: b\npaths: {}\n");
        let done = insert("paths:\r\n  /a: {}\r\ntags: []\r\n", &[("/paths", json!({ "/b": {} }))]).unwrap();
        assert_eq!(done, "paths:\r\n  /a: {}\r\n  /b: {}\ntags: []\r\n");
    }

    #[test]
    fn refuses_what_it_could_not_add_to_without_changing_it() {
        let refused = insert("tags: [{name: a}]\n", &[("/tags", json!([{ "name": "b" }]))]).unwrap_err();
        assert!(refused.contains("webhooks.yaml:1") && refused.contains("tags"), "{refused}");
        let refused = insert("{\"paths\": {}}", &[("/paths", json!({ "/b": {} }))]).unwrap_err();
        assert!(refused.contains("is JSON"), "{refused}");
        let refused = insert("paths: {\n  /a: {}\n}\n", &[("/paths", json!({ "/b": {} }))]).unwrap_err();
        assert!(refused.contains("block"), "{refused}");
    }
}
