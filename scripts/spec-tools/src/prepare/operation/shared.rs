//! The events that share one endpoint because `webhooks` were made one: each has an operation of its own in the spec, and
//! deliveries name theirs in a header or in the body.

use serde_json::Value;

use super::Operations;
use super::draft::{self, Draft};
use crate::extension::EventRule;
use crate::pointer;
use crate::prepare::contract::{Alias, Pin};
use crate::prepare::name::{self, literal};
use crate::prepare::union;
use crate::source::webhooks;

/// The places of the event type, as the settings name them.
pub(super) fn sources(operation: &Value) -> Vec<&str> {
    let places = operation.get(webhooks::SOURCES).and_then(Value::as_array);
    places.into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Providers write the words of a name with dashes in one place and with underscores in another.
pub(super) fn aliases(drafts: &[Draft]) -> Vec<Alias> {
    let spelled = drafts.iter().map(|draft| (draft.event_type.replace('-', "_"), &draft.event_type));
    let mut aliases: Vec<(String, &String)> = spelled.filter(|(seen, meant)| seen != *meant).collect();
    aliases.sort();
    aliases.dedup();
    aliases.retain(|(seen, _)| drafts.iter().all(|draft| draft.event_type != *seen));
    aliases.into_iter().map(|(seen, meant)| Alias { seen: literal(&seen), meant: literal(meant) }).collect()
}

impl<'a> Operations<'a, '_> {
    /// The events of a shared operation; `None` for any other.
    pub(super) fn shared(&mut self, operation: &'a Value) -> Option<Vec<Draft>> {
        let events = operation.get(webhooks::EVENTS)?.as_array()?;
        let detail = sources(operation).get(1).copied().filter(|place| place.starts_with('/'));
        Some(events.iter().map(|event| self.event(event, detail)).collect())
    }

    fn event(&mut self, event: &'a Value, detail: Option<&str>) -> Draft {
        let id = event.get("operationId").and_then(Value::as_str).unwrap_or_default();
        let body = event.get("requestBody").and_then(|body| self.spec.resolve(body));
        let content = body.and_then(|body| super::json(body.get("content")?.as_object()?));
        let schema = content.and_then(|content| content.get("schema"));
        let shape = schema.map(|schema| self.models.type_of(schema, &name::pascal(id)));
        shape.iter().for_each(|shape| self.models.warn_of_items(shape, id));
        let examples = content.map(|content| draft::examples(self.spec, content)).unwrap_or_default();
        let mut draft = self.only(event, id, &EventRule::default(), examples.first(), shape.as_ref());
        draft.event_type = id.to_owned();
        let pinned = detail.and_then(|pointer| Some((pointer, self.pinned(schema?, pointer)?)));
        if let Some((pointer, value)) = pinned {
            // `issues/opened` is the `issues` whose action is `opened`.
            let spellings = [value.clone(), value.replace('_', "-")];
            let head = spellings.iter().find_map(|value| id.strip_suffix(value.as_str()));
            if let Some(head) =
                head.map(|head| head.trim_end_matches(['/', '-', '_', '.', ':'])).filter(|head| !head.is_empty())
            {
                draft.event_type = head.to_owned();
            }
            draft.pin = Some(Pin { pointer: literal(pointer), value: literal(&value) });
        }
        draft
    }

    /// The only value that a schema allows at a place, if it is text.
    fn pinned(&self, schema: &Value, place: &str) -> Option<String> {
        let mut flat = self.spec.flatten(schema).into_owned();
        for name in pointer::names(place) {
            flat = self.spec.flatten(flat.get("properties")?.get(&name)?).into_owned();
        }
        match union::text_values(&flat)?.as_slice() {
            [only] => Some(only.clone()),
            _ => None,
        }
    }
}
