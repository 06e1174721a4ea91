//! Every example, read into the type of its event and written back.

#![allow(unused_qualifications)] // Types are called as the crate's own code calls them.

use std::collections::BTreeMap;
use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// What a type makes of a body.
struct Reread {
    written: Value,
    /// Whether the type is `serde_json::Value`, which says nothing.
    untyped: bool,
    /// Members that are not as their schemas say.
    misfits: usize,
    /// Values that are none of a union's forms.
    formless: usize,
    /// Objects with members that their schemas do not name.
    wider: usize,
}

fn reread<T: DeserializeOwned + Serialize + Debug>(body: &str) -> Result<Reread, serde_json::Error> {
    let event: T = serde_json::from_str(body)?;
    let seen = format!("{event:?}");
    let kept = ["Object {", "Array [", "String(", "Number(", "Bool(", "Null)"];
    let others = (1..5).map(|number| if number == 1 { "Other(".to_owned() } else { format!("Other{number}(") });
    Ok(Reread {
        written: serde_json::to_value(&event)?,
        untyped: std::any::type_name::<T>() == std::any::type_name::<Value>(),
        misfits: seen.matches("Misfit(").count(),
        formless: others.flat_map(|other| kept.map(|kind| seen.matches(&format!("{other}{kind}")).count())).sum(),
        wider: seen.matches("others: {\"").count(),
    })
}

type Reader = fn(&str) -> Result<Reread, serde_json::Error>;

const EVENTS: &[(&str, Reader)] = &[
    // EVENTS
];

fn differences(place: &str, a: &Value, b: &Value, out: &mut Vec<String>) {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            for (name, value) in a {
                match b.get(name) {
                    Some(other) => differences(&format!("{place}/{name}"), value, other, out),
                    None => out.push(format!("{place}/{name} is lost")),
                }
            }
            out.extend(b.keys().filter(|name| !a.contains_key(*name)).map(|name| format!("{place}/{name} is new")));
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).enumerate().for_each(|(at, (a, b))| differences(&format!("{place}/{at}"), a, b, out));
        }
        (a, b) if a != b => out.push(format!("{place}: {a} became {b}")),
        _ => {}
    }
}

#[test]
fn every_example_is_read_and_written_back_as_it_was() {
    let examples: Vec<Value> = serde_json::from_str(include_str!("../examples.json")).unwrap();
    let (mut wrong, mut odd) = (Vec::new(), BTreeMap::<&str, [usize; 4]>::new());
    let mut totals = [0; 4];
    for example in &examples {
        let event = example["event"].as_str().unwrap();
        let Some((_, read)) = EVENTS.iter().find(|(name, _)| *name == event) else {
            wrong.push(format!("{event}: no such event"));
            continue;
        };
        match read(&example["body"].to_string()) {
            Ok(reread) => {
                let mut found = Vec::new();
                differences("", &example["body"], &reread.written, &mut found);
                wrong.extend(found.into_iter().map(|found| format!("{event}: {found}")));
                let counts = [usize::from(reread.untyped), reread.misfits, reread.formless, reread.wider];
                for (at, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
                    totals[at] += 1;
                    odd.entry(event).or_default()[at] += count;
                }
            }
            Err(error) => wrong.push(format!("{event}: {error}")),
        }
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    let told = [
        "have no type but `serde_json::Value`",
        "have members that are not as their schemas say, kept as they came",
        "have values that are none of a union's forms, kept as they came",
        "have members that their schemas do not name, kept in `others`",
    ];
    let mut report = format!("{} examples are written back as they were read\n", examples.len());
    report.extend(totals.iter().zip(told).map(|(count, told)| format!("{count} of them {told}\n")));
    report += "\nuntyped, misfits, formless, wider:\n";
    report.extend(odd.iter().map(|(event, counts)| format!("{event}: {counts:?}\n")));
    std::fs::write("report.txt", report).unwrap();
}
