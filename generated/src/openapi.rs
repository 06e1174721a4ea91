//! The OpenAPI document, put together from the contract tables and the models.

use std::borrow::Cow;

use utoipa::openapi::path::{HttpMethod, OperationBuilder, ParameterBuilder, ParameterIn};
use utoipa::openapi::request_body::RequestBodyBuilder;
use utoipa::openapi::schema::{AnyOfBuilder, Discriminator, OneOfBuilder, Schema, SchemaType, Type};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme};
use utoipa::openapi::tag::TagBuilder;
use utoipa::openapi::{
    ComponentsBuilder, ContentBuilder, InfoBuilder, ObjectBuilder, OpenApi, OpenApiBuilder, PathItem, Paths, Ref,
    RefOr, Required, ResponseBuilder,
};
use utoipa::{PartialSchema, ToSchema};

use crate::contract::Endpoint;
use crate::{PROVIDERS, SIGNATURE_SCHEMES, models};

/// The document that describes what this crate takes, in OpenAPI 3.1.
pub fn document() -> OpenApi {
    let mut components = ComponentsBuilder::new();
    for scheme in SIGNATURE_SCHEMES {
        let key = ApiKeyValue::with_description(scheme.header, scheme.description);
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
    let info = info.license(Some(utoipa::openapi::License::new("Apache-2.0")));
    let tags = PROVIDERS
        .iter()
        .map(|provider| TagBuilder::new().name(provider.name).description(Some(provider.summary)).build());
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
            .description(Some(header.description))
            .schema(Some(ObjectBuilder::new().schema_type(SchemaType::Type(Type::String))));
        operation = operation.parameter(parameter);
    }
    if let Some(body) = &endpoint.body {
        let required = if body.required { Required::True } else { Required::False };
        let mut request = RequestBodyBuilder::new().required(Some(required));
        if !body.description.is_empty() {
            request = request.description(Some(body.description));
        }
        for media_type in body.media_types {
            let schema = (!body.schema.is_empty()).then(|| Ref::from_schema_name(body.schema));
            request = request.content(*media_type, ContentBuilder::new().schema(schema).build());
        }
        operation = operation.request_body(Some(request.build()));
    }
    for answer in endpoint.answers {
        let response = ResponseBuilder::new().description(answer.description);
        operation = operation.response(answer.status.to_string(), response);
    }
    let guards = endpoint.guards.iter().map(|schemes| {
        schemes.iter().fold(SecurityRequirement::default(), |requirement, scheme| {
            requirement.add(scheme.name, std::iter::empty::<String>())
        })
    });
    operation.securities(Some(guards.collect::<Vec<_>>()))
}

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

/// Every model by the name of its component schema.
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
    ]
}

/// The schema of an enumeration of texts.
#[allow(dead_code)] // Not every spec has enumerations.
pub(crate) fn text_enum(known: &'static [&'static str]) -> RefOr<Schema> {
    ObjectBuilder::new().schema_type(SchemaType::Type(Type::String)).enum_values(Some(known.iter().copied())).into()
}

/// The schema of a union whose variants are told apart by the member `tag`.
#[allow(dead_code)] // Not every spec has unions.
pub(crate) fn union(tag: &str, variants: &[(&str, Cow<'static, str>)]) -> RefOr<Schema> {
    let mut union = OneOfBuilder::new();
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
pub(crate) fn choice(keyword: &str, variants: Vec<RefOr<Schema>>) -> RefOr<Schema> {
    if keyword == "anyOf" {
        variants.into_iter().fold(AnyOfBuilder::new(), AnyOfBuilder::item).into()
    } else {
        variants.into_iter().fold(OneOfBuilder::new(), OneOfBuilder::item).into()
    }
}

/// Stands for an integer without a format in the schemas of models.
#[derive(Debug)]
pub struct Integer;

impl PartialSchema for Integer {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::Integer)).into()
    }
}

impl ToSchema for Integer {}

/// Stands for a number without a format in the schemas of models.
#[derive(Debug)]
pub struct Number;

impl PartialSchema for Number {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(SchemaType::Type(Type::Number)).into()
    }
}

impl ToSchema for Number {}
