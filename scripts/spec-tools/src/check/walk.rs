//! Every object of a spec in which words have OpenAPI's meaning: not the data of examples, not the names that people
//! chose for their schemas and properties.

use crate::document::Node;

/// Keywords whose members are named by people.
pub(crate) const NAMES: &[&str] = &[
    "$defs",
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "encoding",
    "examples",
    "headers",
    "links",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "scopes",
    "securitySchemes",
    "variables",
    "webhooks",
];

/// Keywords whose value is data.
pub(crate) const DATA: &[&str] = &["const", "default", "enum", "example", "mapping", "value"];

/// Calls `visit` with every such object below `node`, and with `node`.
pub(crate) fn walk<'a>(node: &Node<'a>, visit: &mut dyn FnMut(&Node<'a>)) {
    if node.value.is_object() {
        visit(node);
    }
    for (name, child) in node.members() {
        if DATA.contains(&name) || name.starts_with("x-") {
            continue;
        }
        if NAMES.contains(&name) && child.value.is_object() {
            child.members().for_each(|(_, named)| walk(&named, visit));
        } else if name != "examples" {
            walk(&child, visit);
        }
    }
    node.items().for_each(|item| walk(&item, visit));
}
