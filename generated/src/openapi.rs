//! The OpenAPI document, put together from the contract tables and the models.

use std::borrow::Cow;

use utoipa::ToSchema;
use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{AnyOfBuilder, Discriminator, OneOfBuilder, Schema, SchemaType, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, Content, InfoBuilder, LicenseBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, PathItem, Paths,
    Ref, RefOr, Required, ResponseBuilder,
};

use crate::contract::Endpoint;
use crate::{PROVIDERS, SIGNATURE_SCHEMES, models};

/// The document that describes what this crate takes, in OpenAPI 3.1.
pub fn document() -> OpenApi {
    let mut components = ComponentsBuilder::new();
    for scheme in SIGNATURE_SCHEMES {
        let mut key = ApiKeyValue::new(scheme.header);
        key.description = (!scheme.description.is_empty()).then(|| scheme.description.to_owned());
        components = components.security_scheme(scheme.name, SecurityScheme::ApiKey(ApiKey::Header(key)));
    }
    for (name, schema) in schemas() {
        components = components.schema(name, schema);
    }
    let mut paths = Paths::new();
    for endpoint in PROVIDERS.iter().flat_map(|provider| provider.endpoints) {
        let item = PathItem::new(method(endpoint), operation(endpoint).build());
        paths.paths.entry(endpoint.path.to_owned()).or_default().merge_operations(item);
    }
    let info = InfoBuilder::new()
        .title("Webhook receiver")
        .version("0.1.0")
        .description(Some("Endpoints that providers deliver their events to. A delivery is authenticated by a signature over its raw body before anything reads it."));
    let license = LicenseBuilder::new().name("Apache-2.0").url(Some("https://www.apache.org/licenses/LICENSE-2.0"));
    let info = info.license(Some(license.build()));
    let tags = [
        TagBuilder::new()
            .name("gridx")
            .description(Some(
                "Events of gridX (XENON) about energy systems, their gateways, appliances and electric vehicles.",
            ))
            .build(),
        TagBuilder::new()
            .name("greenlake")
            .description(Some(
                "Events of HPE GreenLake about workspaces, their audit logs, subscriptions and services.",
            ))
            .build(),
        TagBuilder::new()
            .name("nursa")
            .description(Some("Events of Nursa about facilities and the shifts that clinicians work there."))
            .build(),
    ];
    OpenApiBuilder::new().info(info.build()).tags(Some(tags)).paths(paths).components(Some(components.build())).build()
}

fn operation(endpoint: &Endpoint) -> OperationBuilder {
    let mut operation = OperationBuilder::new().operation_id(Some(endpoint.id)).tag(endpoint.provider);
    if !endpoint.summary.is_empty() {
        operation = operation.summary(Some(endpoint.summary));
    }
    if !endpoint.description.is_empty() {
        operation = operation.description(Some(endpoint.description));
    }
    for header in endpoint.headers {
        let required = if header.required { Required::True } else { Required::False };
        let parameter = ParameterBuilder::new()
            .name(header.name)
            .parameter_in(ParameterIn::Header)
            .required(required)
            .description((!header.description.is_empty()).then_some(header.description))
            .schema(Some(ObjectBuilder::new().schema_type(SchemaType::Type(Type::String))));
        operation = operation.parameter(parameter);
    }
    if let Some(body) = &endpoint.body {
        let required = if body.required { Required::True } else { Required::False };
        let mut request = RequestBodyBuilder::new().required(Some(required));
        if !body.description.is_empty() {
            request = request.description(Some(body.description));
        }
        for (media_type, content) in contents(endpoint.id, "") {
            request = request.content(media_type, content);
        }
        operation = operation.request_body(Some(request.build()));
    }
    for answer in endpoint.answers {
        let status = answer.status.to_string();
        let mut response = ResponseBuilder::new().description(answer.description);
        for (media_type, content) in contents(endpoint.id, &status) {
            response = response.content(media_type, content);
        }
        operation = operation.response(status, response);
    }
    let guards = endpoint.guards.iter().map(|schemes| {
        schemes.iter().fold(SecurityRequirement::default(), |requirement, scheme| {
            requirement.add(scheme.name, std::iter::empty::<String>())
        })
    });
    operation.securities(Some(guards.collect::<Vec<_>>()))
}

/// What an operation's body holds, or its answer of this status: media types with their schemas.
fn contents(operation: &str, status: &str) -> impl Iterator<Item = (&'static str, Content)> {
    let held = CONTENTS.iter().filter(move |(id, holder, ..)| (*id, *holder) == (operation, status));
    held.map(|(_, _, media_type, schema)| (*media_type, Content::new(Some(Ref::from_schema_name(*schema)))))
}

/// By operation id and status (none: the body), every media type with the name of its schema.
const CONTENTS: &[(&str, &str, &str, &str)] = &[
    ("gridxEvents", "", "application/json", "GridxEvent"),
    ("applianceCreate_2024", "", "application/json", "ApplianceCreateEvent2024"),
    ("applianceOffline_2024", "", "application/json", "ApplianceOfflineEvent2024"),
    ("applianceOnline_2024", "", "application/json", "ApplianceOnlineEvent2024"),
    ("inverterStatus_2024", "", "application/json", "InverterStatusEvent2024"),
    ("gatewayCreate_2024", "", "application/json", "GatewayCreateEvent2024"),
    ("gatewayOffline_2024", "", "application/json", "GatewayOfflineEvent2024"),
    ("gatewayOnline_2024", "", "application/json", "GatewayOnlineEvent2024"),
    ("evPlugged_2024", "", "application/json", "EvPluggedEvent2024"),
    ("commissioningDone_2024", "", "application/json", "CommissioningDoneEvent2024"),
    ("comissioningDone_2024", "", "application/json", "CommissioningDoneEvent2024"),
    ("greenlakeEvents", "", "application/json", "GreenlakeEvent"),
    ("greenlakeEvents", "", "application/cloudevents+json", "GreenlakeEvent"),
    ("greenlakeEvents", "", "application/cloudevents-batch+json", "GreenlakeEventBatch"),
    ("greenlakeEvents", "200", "application/json", "GreenlakeVerification"),
    ("nursaEvents", "", "application/json", "NursaEvent"),
];

fn method(endpoint: &Endpoint) -> HttpMethod {
    match endpoint.method.as_str() {
        "GET" => HttpMethod::Get,
        "PUT" => HttpMethod::Put,
        "DELETE" => HttpMethod::Delete,
        "OPTIONS" => HttpMethod::Options,
        "HEAD" => HttpMethod::Head,
        "PATCH" => HttpMethod::Patch,
        "TRACE" => HttpMethod::Trace,
        _ => HttpMethod::Post,
    }
}

/// Every model, and whatever else has a name, by the name of its component schema.
fn schemas() -> Vec<(Cow<'static, str>, RefOr<Schema>)> {
    fn of<T: ToSchema>() -> (Cow<'static, str>, RefOr<Schema>) {
        (T::name(), T::schema())
    }
    vec![
        of::<models::Appliance>(),
        of::<models::Appliance2024>(),
        of::<models::ApplianceCreateEvent2024>(),
        of::<models::ApplianceEvent>(),
        of::<models::ApplianceEventType>(),
        of::<models::ApplianceKind>(),
        of::<models::ApplianceOfflineEvent2024>(),
        of::<models::ApplianceOnlineEvent2024>(),
        of::<models::ApplianceType>(),
        of::<models::Commissioning2024>(),
        of::<models::CommissioningDoneEvent2024>(),
        of::<models::ConsumptionLimit>(),
        of::<models::ConsumptionLimitEvent>(),
        of::<models::ConsumptionLimitEventType>(),
        of::<models::EvAsset>(),
        of::<models::EvCharge>(),
        of::<models::EvChargeCommand>(),
        of::<models::EvChargeEvent>(),
        of::<models::EvChargeEventType>(),
        of::<models::EvChargeFailed>(),
        of::<models::EvChargeFailedEvent>(),
        of::<models::EvChargeFailureReason>(),
        of::<models::EvChargeFailureType>(),
        of::<models::EvChargeState>(),
        of::<models::EvInfeasibleGoals>(),
        of::<models::EvInfeasibleGoalsEvent>(),
        of::<models::EvMeasuredChargeState>(),
        of::<models::EvMeasuredPlugState>(),
        of::<models::EvMeasurement>(),
        of::<models::EvMeasurementEvent>(),
        of::<models::EvPlug>(),
        of::<models::EvPlugEvent>(),
        of::<models::EvPlugEventType>(),
        of::<models::EvPlugState>(),
        of::<models::EvPlugState2024>(),
        of::<models::EvPlugged2024>(),
        of::<models::EvPluggedEvent2024>(),
        of::<models::EventEnvelope>(),
        of::<models::EventEnvelope2024>(),
        of::<models::Gateway>(),
        of::<models::Gateway2024>(),
        of::<models::GatewayCreateEvent2024>(),
        of::<models::GatewayEvent>(),
        of::<models::GatewayEventType>(),
        of::<models::GatewayOfflineEvent2024>(),
        of::<models::GatewayOnlineEvent2024>(),
        of::<models::GreenlakeAccountType>(),
        of::<models::GreenlakeAuditApplication>(),
        of::<models::GreenlakeAuditEntry>(),
        of::<models::GreenlakeAuditInfo>(),
        of::<models::GreenlakeAuditLog>(),
        of::<models::GreenlakeAuditLogEvent>(),
        of::<models::GreenlakeAuditUser>(),
        of::<models::GreenlakeAuditWorkspace>(),
        of::<models::GreenlakeCatalogAuditEntry>(),
        of::<models::GreenlakeEnvelope>(),
        of::<models::GreenlakeEvent>(),
        of::<models::GreenlakeExpiringDevice>(),
        of::<models::GreenlakeExpiringSubscription>(),
        of::<models::GreenlakeExpiringSubscriptionEvent>(),
        of::<models::GreenlakeOperationalMode>(),
        of::<models::GreenlakeServiceOffer>(),
        of::<models::GreenlakeServiceOfferEvent>(),
        of::<models::GreenlakeServiceOfferEventType>(),
        of::<models::GreenlakeServiceOfferRegion>(),
        of::<models::GreenlakeServiceOfferRegionEvent>(),
        of::<models::GreenlakeServiceOfferRegionEventType>(),
        of::<models::GreenlakeServiceProvision>(),
        of::<models::GreenlakeServiceProvisionEvent>(),
        of::<models::GreenlakeServiceProvisionEventType>(),
        of::<models::GreenlakeServiceProvisionStatus>(),
        of::<models::GreenlakeVerification>(),
        of::<models::GridxEvent>(),
        of::<models::Inverter>(),
        of::<models::Inverter2024>(),
        of::<models::InverterEvent>(),
        of::<models::InverterStatus>(),
        of::<models::InverterStatusEvent2024>(),
        of::<models::NursaActor>(),
        of::<models::NursaAutoScheduleContext>(),
        of::<models::NursaAutoScheduleOrigin>(),
        of::<models::NursaAutoScheduleSettings>(),
        of::<models::NursaClinician>(),
        of::<models::NursaClinicianCancelled>(),
        of::<models::NursaClinicianCancelledEvent>(),
        of::<models::NursaClinicianCancelledEventEventType>(),
        of::<models::NursaEnvelope>(),
        of::<models::NursaEvent>(),
        of::<models::NursaFacilityAccepted>(),
        of::<models::NursaFacilityAcceptedEvent>(),
        of::<models::NursaFacilityRejected>(),
        of::<models::NursaFacilityRejectedEvent>(),
        of::<models::NursaReportType>(),
        of::<models::NursaScheduler>(),
        of::<models::NursaShiftCancelled>(),
        of::<models::NursaShiftCancelledEvent>(),
        of::<models::NursaShiftCreated>(),
        of::<models::NursaShiftCreatedEvent>(),
        of::<models::NursaShiftReportAccepted>(),
        of::<models::NursaShiftReportAcceptedEvent>(),
        of::<models::NursaShiftReportAcceptedEventEventType>(),
        of::<models::NursaShiftReportCreated>(),
        of::<models::NursaShiftReportCreatedEvent>(),
        of::<models::NursaShiftReportRejected>(),
        of::<models::NursaShiftReportRejectedEvent>(),
        of::<models::NursaShiftRequested>(),
        of::<models::NursaShiftRequestedEvent>(),
        of::<models::NursaShiftScheduled>(),
        of::<models::NursaShiftScheduledEvent>(),
        of::<models::NursaSource>(),
        of::<models::NursaUser>(),
        of::<models::NursaUserConnection>(),
        of::<models::NursaUserConnectionEvent>(),
        of::<models::NursaUserConnectionEventEventType>(),
        of::<models::Ping>(),
        of::<models::PingEvent>(),
        of::<models::UserAction>(),
        of::<models::UserActionAccess>(),
        of::<models::UserActionAgent>(),
        of::<models::UserActionCapability>(),
        of::<models::UserActionDomain>(),
        of::<models::UserActionEvent>(),
        of::<models::UserActionLink>(),
        of::<models::UserActionResolution>(),
        of::<models::UserActionStatus>(),
        of::<named::GreenlakeEventBatch>(),
    ]
}

/// Schemas that no type of the crate stands for.
pub(crate) mod named {
    #![allow(dead_code, unused_imports)] // They are never values, and not every spec has some.

    use utoipa::ToSchema;

    use crate::models;

    /// Several events under one signature, of any types.
    #[derive(ToSchema)]
    #[schema(value_type = Vec<models::GreenlakeEvent>)]
    pub(crate) struct GreenlakeEventBatch(());
}

/// The schema of an enumeration of texts.
#[allow(dead_code)] // Not every spec has enumerations.
pub(crate) fn text_enum(docs: &[&str], known: &'static [&'static str]) -> RefOr<Schema> {
    let schema = ObjectBuilder::new().schema_type(SchemaType::Type(Type::String));
    schema.description(Some(description(docs))).enum_values(Some(known.iter().copied())).into()
}

/// The schema of an enumeration of whole numbers.
#[allow(dead_code)] // Not every spec has one.
pub(crate) fn number_enum(docs: &[&str], known: &'static [i64]) -> RefOr<Schema> {
    let schema = ObjectBuilder::new().schema_type(SchemaType::Type(Type::Integer));
    schema.description(Some(description(docs))).enum_values(Some(known.iter().copied())).into()
}

/// The schema of a union whose variants are told apart by the member `tag`.
#[allow(dead_code)] // Not every spec has unions.
pub(crate) fn union(docs: &[&str], tag: &str, variants: &[(&str, Cow<'static, str>)]) -> RefOr<Schema> {
    let mut union = OneOfBuilder::new().description(Some(description(docs)));
    let mut seen: Vec<&str> = Vec::new();
    for (_, schema) in variants {
        if !seen.contains(&schema.as_ref()) {
            seen.push(schema);
            union = union.item(Ref::from_schema_name(schema.as_ref()));
        }
    }
    let mapping = variants.iter().map(|(value, schema)| (*value, format!("#/components/schemas/{schema}")));
    union.discriminator(Some(Discriminator::with_mapping(tag, mapping))).into()
}

/// The schema of a union whose variants are tried in turn.
#[allow(dead_code)] // Not every spec has one.
pub(crate) fn choice(docs: &[&str], keyword: &str, variants: Vec<RefOr<Schema>>) -> RefOr<Schema> {
    let description = description(docs);
    if keyword == "anyOf" {
        let union = AnyOfBuilder::new().description(Some(description));
        variants.into_iter().fold(union, AnyOfBuilder::item).into()
    } else {
        let union = OneOfBuilder::new().description(Some(description));
        variants.into_iter().fold(union, OneOfBuilder::item).into()
    }
}

/// The lines of a doc comment as one text.
#[allow(dead_code)]
fn description(docs: &[&str]) -> String {
    docs.iter().map(|line| line.trim()).collect::<Vec<_>>().join("\n")
}
