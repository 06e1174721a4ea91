//! gridX: systems with their gateways, appliances and vehicles. Both forms of the events name the same members.

use super::rules::Value::{At, By, Is};
use super::rules::{Kind, Rule, Thing, Value};

pub(super) const SYSTEM: Kind = Kind { provider: "gridx", name: "system", most: 20_000 };
pub(super) const GATEWAY: Kind = Kind { provider: "gridx", name: "gateway", most: 20_000 };
pub(super) const APPLIANCE: Kind = Kind { provider: "gridx", name: "appliance", most: 20_000 };
pub(super) const VEHICLE: Kind = Kind { provider: "gridx", name: "vehicle", most: 20_000 };

const TIME: &[&str] = &["time"];

/// What every event about a gateway's world tells of its system and its gateway.
const IN_SYSTEM: Thing = Thing { kind: &SYSTEM, id: &["data.systemid"], set: &[("name", At(&["data.systemname"]))] };
const AT_GATEWAY: Thing = Thing { kind: &GATEWAY, id: &["data.gatewayid"], set: &[("system", At(&["data.systemid"]))] };

/// A gateway with what its own events tell, and one thing more.
const fn gateway(set: &'static [(&'static str, Value)]) -> Thing {
    Thing { kind: &GATEWAY, id: &["data.gatewayid"], set }
}

/// What an event tells of an appliance, beside what it is about.
const APPLIANCE_ITSELF: Thing = Thing {
    kind: &APPLIANCE,
    id: &["data.applianceid"],
    set: &[
        ("system", At(&["data.systemid"])),
        ("gateway", At(&["data.gatewayid"])),
        ("name", At(&["data.name"])),
        ("model", At(&["data.model"])),
        ("manufacturer", At(&["data.manufacturer"])),
        ("serial", At(&["data.serialnumber"])),
        ("type", At(&["data.type"])),
        ("kind", At(&["data.kind"])),
        ("firmware", At(&["data.firmware"])),
    ],
};

const fn appliance(set: &'static [(&'static str, Value)]) -> Thing {
    Thing { kind: &APPLIANCE, id: &["data.applianceid"], set }
}

const GATEWAY_ITSELF: Thing = gateway(&[
    ("system", At(&["data.systemid"])),
    ("name", At(&["data.gatewayname"])),
    ("serial", At(&["data.gatewayserialnumber"])),
]);

/// What an event tells of a vehicle; `asset` in today's form.
const fn vehicle(set: &'static [(&'static str, Value)]) -> Thing {
    Thing { kind: &VEHICLE, id: &["data.assetid"], set }
}

const VEHICLE_ITSELF: Thing = vehicle(&[
    ("system", At(&["data.systemid"])),
    ("gateway", At(&["data.gatewayid"])),
    ("home", At(&["data.athome"])),
    ("soc", At(&["data.stateofcharge"])),
    ("power", At(&["data.chargepower"])),
    ("range", At(&["data.range"])),
    ("limit", At(&["data.chargelimit"])),
]);

pub(super) const RULES: &[Rule] = &[
    Rule {
        events: &["appliance/online"],
        time: TIME,
        things: &[IN_SYSTEM, AT_GATEWAY, APPLIANCE_ITSELF, appliance(&[("online", Is("yes")), ("gone", Is("no"))])],
    },
    Rule {
        events: &["appliance/offline"],
        time: TIME,
        things: &[IN_SYSTEM, AT_GATEWAY, APPLIANCE_ITSELF, appliance(&[("online", Is("no")), ("gone", Is("no"))])],
    },
    Rule {
        events: &["appliance/create", "appliance/update"],
        time: TIME,
        things: &[IN_SYSTEM, AT_GATEWAY, APPLIANCE_ITSELF, appliance(&[("gone", Is("no"))])],
    },
    Rule {
        events: &["appliance/delete"],
        time: TIME,
        things: &[IN_SYSTEM, AT_GATEWAY, APPLIANCE_ITSELF, appliance(&[("gone", Is("yes"))])],
    },
    Rule {
        events: &["inverter/status"],
        time: TIME,
        things: &[
            IN_SYSTEM,
            AT_GATEWAY,
            APPLIANCE_ITSELF,
            appliance(&[("status", At(&["data.status"])), ("error", At(&["data.errcode"])), ("gone", Is("no"))]),
        ],
    },
    Rule { events: &["gateway/create"], time: TIME, things: &[IN_SYSTEM, GATEWAY_ITSELF] },
    Rule {
        events: &["gateway/online"],
        time: TIME,
        things: &[IN_SYSTEM, GATEWAY_ITSELF, gateway(&[("online", Is("yes"))])],
    },
    Rule {
        events: &["gateway/offline"],
        time: TIME,
        things: &[IN_SYSTEM, GATEWAY_ITSELF, gateway(&[("online", Is("no"))])],
    },
    Rule {
        events: &["ev/plugged", "ev/unplugged"],
        time: TIME,
        things: &[
            IN_SYSTEM,
            AT_GATEWAY,
            VEHICLE_ITSELF,
            vehicle(&[("plug", At(&["data.state"]))]),
            // The 2024 form tells of the charging station.
            APPLIANCE_ITSELF,
            appliance(&[("plug", At(&["data.state"])), ("gone", Is("no"))]),
        ],
    },
    Rule { events: &["ev/unplugged"], time: TIME, things: &[vehicle(&[("charge", Is(""))])] },
    Rule {
        events: &["ev/charge-started", "ev/charge-stopped"],
        time: TIME,
        things: &[
            IN_SYSTEM,
            AT_GATEWAY,
            VEHICLE_ITSELF,
            vehicle(&[("charge", At(&["data.state"])), ("fault", Is(""))]),
        ],
    },
    Rule {
        events: &["ev/charge-failed"],
        time: TIME,
        things: &[
            IN_SYSTEM,
            AT_GATEWAY,
            VEHICLE_ITSELF,
            // What failed to stop charges on.
            vehicle(&[
                ("charge", By("data.kind", &[("START", "FAILED")])),
                ("fault", At(&["data.failurereason.type"])),
            ]),
        ],
    },
    Rule {
        events: &["ev/measurement"],
        time: TIME,
        things: &[
            IN_SYSTEM,
            AT_GATEWAY,
            VEHICLE_ITSELF,
            vehicle(&[("charge", At(&["data.chargestate"])), ("plug", At(&["data.plugstate"]))]),
        ],
    },
    Rule {
        events: &["ev/infeasible-charging-goals"],
        time: TIME,
        things: &[IN_SYSTEM, VEHICLE_ITSELF, vehicle(&[("fault", Is("GOALS_INFEASIBLE"))])],
    },
    Rule {
        events: &["grid-signal-processor/limitation-of-power-consumption/set"],
        time: TIME,
        things: &[Thing {
            kind: &SYSTEM,
            id: &["source"],
            set: &[("limit", At(&["data.newlpc"])), ("limit-until", At(&["data.validuntil"]))],
        }],
    },
    Rule {
        events: &["grid-signal-processor/limitation-of-power-consumption/unset"],
        time: TIME,
        things: &[Thing { kind: &SYSTEM, id: &["source"], set: &[("limit", Is("")), ("limit-until", Is(""))] }],
    },
];
