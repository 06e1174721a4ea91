//! Where in the file a merged schema has something: its own words first, then those of the parts that it includes.

use crate::document::Document;

/// How deep parts may include parts before it is taken for a circle.
const MOST: usize = 64;

/// The pointer to what stands at `path` in the schema at `pointer` or in one of its parts; later parts count first, as
/// they do when the schema is merged. Where nothing stands there: the schema itself.
pub(super) fn locate(document: &Document, pointer: &str, path: &[&str]) -> String {
    find(document, pointer, path, 0).unwrap_or_else(|| target(document, pointer))
}

/// The pointer to a schema after its `$ref`s.
pub(super) fn target(document: &Document, pointer: &str) -> String {
    document.resolve(pointer).map_or_else(|_| pointer.to_owned(), |node| node.pointer)
}

fn find(document: &Document, pointer: &str, path: &[&str], depth: usize) -> Option<String> {
    if depth > MOST {
        return None;
    }
    let schema = document.resolve(pointer).ok()?;
    let own = path.iter().try_fold(schema.clone(), |node, name| node.child(name));
    if let Some(own) = own {
        return Some(own.pointer);
    }
    let lists = ["allOf", "oneOf", "anyOf"].into_iter().filter_map(|keyword| schema.child(keyword));
    let mut parts: Vec<_> = lists.flat_map(|list| list.items().collect::<Vec<_>>()).collect();
    parts.reverse();
    parts.iter().find_map(|part| find(document, &part.pointer, path, depth + 1))
}
