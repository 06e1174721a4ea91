//! Every reason for which `spec check` refuses a spec, with the stable id that its findings carry.

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $name:ident = $id:literal,)+) => {
        /// Why a place in the spec is refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Rule {
            /// Every rule.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The id, which never changes.
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$name => $id,)+
                }
            }
        }
    };
}

rules! {
    /// The OpenAPI version is none that this tool knows.
    OpenapiVersion = "openapi-version",
    /// There is no operation at all.
    NoOperation = "no-operation",
    /// A path does not begin with a slash.
    PathNotAbsolute = "path-not-absolute",
    /// A `$ref` names nothing, leaves the file, or runs in a circle.
    ReferenceBroken = "reference-broken",
    /// A schema includes itself, so that nothing can fit it.
    SchemaCircular = "schema-circular",
    /// A schema has a keyword that no validator takes.
    SchemaUnusable = "schema-unusable",

    /// An operation has no `operationId`.
    OperationIdMissing = "operation-id-missing",
    /// Two operations have one `operationId`.
    OperationIdRepeated = "operation-id-repeated",
    /// An operation has not exactly one tag.
    TagNotOne = "tag-not-one",

    /// An operation does not say who may call it.
    GuardMissing = "guard-missing",
    /// A guard names a security scheme that does not exist.
    GuardUnknown = "guard-unknown",
    /// A guard names a security scheme that says nothing of signatures.
    GuardWithoutSignature = "guard-without-signature",
    /// One alternative of a guard asks for nothing.
    GuardEmptyAlternative = "guard-empty-alternative",
    /// Two schemes of one operation read one header in ways that exclude each other.
    GuardHeaderReadTwoWays = "guard-header-read-two-ways",

    /// An extension has a name that nobody reads.
    ExtensionUnknown = "extension-unknown",
    /// An extension stands where nobody reads it.
    ExtensionMisplaced = "extension-misplaced",
    /// An extension has a key that nobody reads.
    ExtensionKeyUnknown = "extension-key-unknown",
    /// An extension lacks a key.
    ExtensionKeyMissing = "extension-key-missing",
    /// An extension has a value that means nothing.
    ExtensionValueUnknown = "extension-value-unknown",

    /// An operation has no success answer.
    SuccessMissing = "success-missing",
    /// An operation has no failure answer.
    FailureMissing = "failure-missing",
    /// An answer's status is a range or `default`.
    StatusInexact = "status-inexact",
    /// Nothing says which success answer means accepted.
    AcceptedUnclear = "accepted-unclear",
    /// Two answers have one outcome.
    OutcomeRepeated = "outcome-repeated",
    /// An outcome stands on a status that tells the provider something else.
    OutcomeStatusUnfit = "outcome-status-unfit",

    /// Nothing says which event an operation carries.
    EventMissing = "event-missing",
    /// An operation says twice where the event type stands.
    EventSourceTwice = "event-source-twice",
    /// An operation lists events that nothing in a delivery names.
    EventListed = "event-listed",
    /// A discriminator, or a list of events, maps to a schema that does not exist.
    MappingBroken = "mapping-broken",
    /// An alias stands for no event.
    AliasWithoutEvent = "alias-without-event",
    /// An alias is an event type itself.
    AliasHidesEvent = "alias-hides-event",
    /// A method is named for an event that does not arrive, or the name is none.
    MethodUnfit = "method-unfit",
    /// Two events of a provider would share a trait method.
    MethodRepeated = "method-repeated",

    /// A text that should be a JSON pointer is none.
    PointerInvalid = "pointer-invalid",
    /// A JSON pointer leads to nothing that the body's schema knows.
    PointerWithoutProperty = "pointer-without-property",
    /// A name cannot be that of a header.
    HeaderInvalid = "header-invalid",
    /// The identity of an event comes from a header that nobody signs.
    EventIdUnsigned = "event-id-unsigned",

    /// A challenge does not say how it is recognised.
    ChallengeUnrecognisable = "challenge-unrecognisable",
    /// A challenge's answer would sign events.
    ChallengeSignsEvents = "challenge-signs-events",

    /// A signature scheme is not a header.
    SchemeNotHeader = "scheme-not-header",
    /// A broken algorithm is used without saying so.
    AlgorithmBroken = "algorithm-broken",
    /// A key is written in a way that its algorithm cannot use.
    KeyUnfit = "key-unfit",
    /// The template of what is signed is no template.
    SignedTemplate = "signed-template",
    /// The body is not signed.
    BodyUnsigned = "body-unsigned",
    /// The timestamp is checked but not signed.
    TimestampUnsigned = "timestamp-unsigned",
    /// The timestamp is signed but nothing says where it stands.
    TimestampUndeclared = "timestamp-undeclared",
    /// A timestamp stands in no place, or in two.
    TimestampPlace = "timestamp-place",
    /// No delivery could be as fresh as is asked for.
    ToleranceZero = "tolerance-zero",
    /// A signature and the timestamp cannot be told apart.
    ElementsAmbiguous = "elements-ambiguous",
    /// The separator also stands inside of elements.
    SeparatorInElement = "separator-in-element",
    /// The number of signatures makes no sense.
    MaxSignatures = "max-signatures",

    /// An example does not fit its schema.
    ExampleUnfit = "example-unfit",
    /// An example is named after one event and shows another.
    ExampleOfAnotherEvent = "example-of-another-event",
}

impl Rule {
    /// Whether no crate can be made of a spec that breaks the rule, whoever wrote it.
    pub fn is_fatal(self) -> bool {
        matches!(self, Self::OpenapiVersion | Self::NoOperation | Self::PathNotAbsolute | Self::ReferenceBroken)
    }
}
