//! Nursa: facilities, and what becomes of their shifts.

use super::rules::Value::{At, Is};
use super::rules::{Kind, Rule, Thing, Value};

pub(super) const FACILITY: Kind = Kind { provider: "nursa", name: "facility", most: 5_000 };
pub(super) const SHIFT: Kind = Kind { provider: "nursa", name: "shift", most: 10_000 };

const TIME: &[&str] = &["data.at"];

const AT_FACILITY: Thing = facility(&[]);

const SHIFT_ITSELF: Thing = shift(&[
    ("facility", At(&["data.facilityid"])),
    ("from", At(&["data.from"])),
    ("to", At(&["data.to"])),
    ("license", At(&["data.licensetype"])),
    ("text", At(&["data.description"])),
]);

const fn facility(set: &'static [(&'static str, Value)]) -> Thing {
    Thing { kind: &FACILITY, id: &["data.facilityid"], set }
}

const fn shift(set: &'static [(&'static str, Value)]) -> Thing {
    Thing { kind: &SHIFT, id: &["data.shiftid"], set }
}

/// An event that leaves a shift in a state.
const fn state(events: &'static [&'static str], things: &'static [Thing]) -> Rule {
    Rule { events, time: TIME, things }
}

pub(super) const RULES: &[Rule] = &[
    state(&["facility.user-connection.accepted"], &[facility(&[("connection", Is("accepted"))])]),
    state(&["facility.user-connection.rejected"], &[facility(&[("connection", Is("rejected"))])]),
    state(&["facility.creation.accepted"], &[facility(&[("creation", Is("accepted"))])]),
    state(
        &["facility.creation.rejected"],
        &[Thing {
            kind: &FACILITY,
            id: &["data.facilityid", "data.facilityname"],
            set: &[("name", At(&["data.facilityname"])), ("creation", Is("rejected"))],
        }],
    ),
    state(&["shift.created"], &[AT_FACILITY, SHIFT_ITSELF, shift(&[("state", Is("open"))])]),
    state(&["shift.request.created"], &[AT_FACILITY, SHIFT_ITSELF, shift(&[("state", Is("requested"))])]),
    state(&["shift.request.cancelled"], &[AT_FACILITY, SHIFT_ITSELF, shift(&[("state", Is("open"))])]),
    state(
        &["shift.scheduled"],
        &[
            AT_FACILITY,
            SHIFT_ITSELF,
            shift(&[
                ("state", Is("scheduled")),
                ("first-name", At(&["data.clinician.firstname"])),
                ("last-name", At(&["data.clinician.lastname"])),
            ]),
        ],
    ),
    state(
        &["shift.scheduled.cancelled"],
        &[AT_FACILITY, SHIFT_ITSELF, shift(&[("state", Is("open")), ("first-name", Is("")), ("last-name", Is(""))])],
    ),
    state(
        &["shift.cancelled"],
        &[AT_FACILITY, SHIFT_ITSELF, shift(&[("state", Is("cancelled")), ("reason", At(&["data.reason"]))])],
    ),
    state(&["shift.report.created"], &[AT_FACILITY, SHIFT_ITSELF, shift(&[("state", Is("reported"))])]),
    state(
        &["shift.report.accepted", "shift.report.accepted-automatically"],
        &[AT_FACILITY, SHIFT_ITSELF, shift(&[("state", Is("accepted"))])],
    ),
    state(&["shift.report.rejected"], &[AT_FACILITY, SHIFT_ITSELF, shift(&[("state", Is("rejected"))])]),
];
