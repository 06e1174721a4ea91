//! Which type reads the bodies of which schema. A new event schema needs a line here.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use validator::Validate;
use webhook_api::models;

/// Reads a value as a type, checks its limits and writes it again; the error says what was wrong.
pub(crate) fn rewrite<T: DeserializeOwned + Validate + Serialize>(value: &Value) -> Result<Value, String> {
    let read: T = serde_json::from_str(&value.to_string()).map_err(|error| error.to_string())?;
    read.validate().map_err(|error| error.to_string())?;
    serde_json::to_value(read).map_err(|error| error.to_string())
}

type Rewrite = fn(&Value) -> Result<Value, String>;

macro_rules! by_schema {
    ($($name:ident)*) => {
        /// How a value of this schema is read and written.
        pub(crate) fn by_schema(schema: &str) -> Rewrite {
            match schema {
                $(stringify!($name) => rewrite::<models::$name>,)*
                other => panic!("tests/models/list.rs does not list the schema {other}: add it"),
            }
        }
    };
}

by_schema! {
    ApplianceCreateEvent2024
    ApplianceEvent
    ApplianceOfflineEvent2024
    ApplianceOnlineEvent2024
    CommissioningDoneEvent2024
    ConsumptionLimitEvent
    EvChargeEvent
    EvChargeFailedEvent
    EvInfeasibleGoalsEvent
    EvMeasurementEvent
    EvPlugEvent
    EvPluggedEvent2024
    GatewayCreateEvent2024
    GatewayEvent
    GatewayOfflineEvent2024
    GatewayOnlineEvent2024
    GreenlakeAuditLogEvent
    GreenlakeEvent
    GreenlakeExpiringSubscriptionEvent
    GreenlakeServiceOfferEvent
    GreenlakeServiceOfferRegionEvent
    GreenlakeServiceProvisionEvent
    GridxEvent
    InverterEvent
    InverterStatusEvent2024
    NursaClinicianCancelledEvent
    NursaEvent
    NursaFacilityAcceptedEvent
    NursaFacilityRejectedEvent
    NursaShiftCancelledEvent
    NursaShiftCreatedEvent
    NursaShiftReportAcceptedEvent
    NursaShiftReportCreatedEvent
    NursaShiftReportRejectedEvent
    NursaShiftRequestedEvent
    NursaShiftScheduledEvent
    NursaUserConnectionEvent
    PingEvent
    UserActionEvent
}
