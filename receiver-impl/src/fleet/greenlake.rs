//! HPE GreenLake: what its audit log says, which subscriptions end soon, which services were provisioned.

use super::rules::Value::At;
use super::rules::{Kind, Rule, Thing};

pub(super) const AUDIT: Kind = Kind { provider: "greenlake", name: "audit", most: 200 };
pub(super) const SUBSCRIPTION: Kind = Kind { provider: "greenlake", name: "subscription", most: 2_000 };
pub(super) const SERVICE: Kind = Kind { provider: "greenlake", name: "service", most: 2_000 };

const TIME: &[&str] = &["time"];

pub(super) const RULES: &[Rule] = &[
    Rule {
        events: &["com.hpe.greenlake.audit-log.v1.logs.created"],
        time: TIME,
        things: &[Thing {
            kind: &AUDIT,
            id: &["id"],
            set: &[
                ("user", At(&["data.user.username", "data.audit_info.username", "data.username"])),
                ("category", At(&["data.category", "data.audit_info.category"])),
                ("text", At(&["data.description", "data.audit_info.description", "data.app_slug"])),
                ("address", At(&["data.additional_info.ip_address", "data.audit_info.additional_info.ip_address"])),
                ("workspace", At(&["data.additional_info.account_name", "data.audit_info.customer_name"])),
            ],
        }],
    },
    Rule {
        events: &["com.hpe.greenlake.subscriptions.v1.expiring-subscriptions"],
        time: TIME,
        things: &[Thing {
            kind: &SUBSCRIPTION,
            id: &["data.key"],
            set: &[
                ("ends", At(&["data.subscriptionendinsecs"])),
                ("expiry", At(&["data.expirydate"])),
                ("sku", At(&["data.sku"])),
                ("tier", At(&["data.licensetier"])),
                ("quantity", At(&["data.quantity"])),
                ("type", At(&["data.subscriptiontype"])),
                ("devices", At(&["data.devices"])),
                ("workspace", At(&["data.username"])),
            ],
        }],
    },
    Rule {
        events: &["com.hpe.greenlake.service-provision.v1.serviceprovision.*"],
        time: TIME,
        things: &[Thing {
            kind: &SERVICE,
            id: &["data.serviceprovisionid"],
            set: &[
                ("status", At(&["data.status"])),
                ("region", At(&["data.region"])),
                ("offer", At(&["data.serviceofferid"])),
                ("user", At(&["data.userid"])),
            ],
        }],
    },
];
